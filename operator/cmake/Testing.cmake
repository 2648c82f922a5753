# platformer_test(NAME SOURCES … LIBRARIES … LABELS …): one GoogleTest program, run as one CTest test a case so that a
# failure has a name. No test may take longer than TIMEOUT seconds (default 60). TOGETHER: its sources can be compiled some
# at a time (PLATFORMER_UNITY).
include(GoogleTest)

function(platformer_test name)
  cmake_parse_arguments(arg "TOGETHER" "TIMEOUT;WORKING_DIRECTORY" "SOURCES;LIBRARIES;LABELS;PROPERTIES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  if(PLATFORMER_UNITY AND arg_TOGETHER)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON)
  endif()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/operator ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} platformer_options GTest::gtest_main GTest::gmock)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()
