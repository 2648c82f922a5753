# Runs the emulator's tests with its exchanges recorded, then checks these against openapi.yaml, and that no token
# got into the recording.
file(REMOVE ${EXCHANGES})
set(ENV{PLATFORMER_EXCHANGES} ${EXCHANGES})
execute_process(COMMAND ${EMULATOR_TEST} --gtest_brief=1 COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND python3 ${CHECK} --all-operations ${EXCHANGES} COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${EXCHANGES} leaked REGEX "pct_[A-Za-z0-9_-]+" LIMIT_COUNT 1)
if(leaked)
  message(FATAL_ERROR "a token is in ${EXCHANGES}")
endif()
