# The version is git's: "v1.2.3" on a tag, "1.2.3-4-gabc1234" after one, "0.0.0-<count>-g<hash>" before the first.
# -DPLATFORMER_VERSION=… wins (image builds have no .git).
if(NOT PLATFORMER_VERSION)
  find_package(Git QUIET)
  if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} describe --tags --match "v[0-9]*" --dirty
                    WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
                    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT described)
      execute_process(COMMAND ${GIT_EXECUTABLE} rev-list --count HEAD
                      WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
                      OUTPUT_VARIABLE commits OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
      execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty
                      WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
                      OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
      if(hash)
        set(described "v0.0.0-${commits}-g${hash}")
      endif()
    endif()
    string(REGEX REPLACE "^v" "" PLATFORMER_VERSION "${described}")
  endif()
endif()
if(NOT PLATFORMER_VERSION)
  set(PLATFORMER_VERSION "0.0.0-unknown")
endif()
string(REGEX MATCH "^[0-9]+\\.[0-9]+\\.[0-9]+" PLATFORMER_VERSION_NUMBER "${PLATFORMER_VERSION}")
if(NOT PLATFORMER_VERSION_NUMBER)
  set(PLATFORMER_VERSION_NUMBER "0.0.0")
endif()
