# Runs the client's tests with their exchanges recorded, then checks these against openapi.yaml.
file(REMOVE ${EXCHANGES})
set(ENV{PLATFORMER_EXCHANGES} ${EXCHANGES})
execute_process(COMMAND ${CLIENT_TEST} --gtest_brief=1 --gtest_filter=ConsoleClient.* COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND python3 ${CHECK} --all-operations ${EXCHANGES} COMMAND_ERROR_IS_FATAL ANY)
