# Warnings, sanitizers and coverage live in one interface target that every target of ours links.
add_library(platformer_options INTERFACE)
target_compile_features(platformer_options INTERFACE cxx_std_20)
target_compile_options(platformer_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wunused -Wnull-dereference -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum
  $<$<BOOL:${PLATFORMER_WARNINGS_AS_ERRORS}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of GCC 12 in inlined standard library, coroutine and Beast code.
  target_compile_options(platformer_options INTERFACE -Wduplicated-cond -Wlogical-op -Wno-null-dereference
                         -Wno-maybe-uninitialized -Wno-missing-field-initializers -Wno-restrict -Wno-mismatched-new-delete)
endif()
# Members that a designated initializer leaves out have their defaults; GCC 12 doesn't ask for them either.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19)
  target_compile_options(platformer_options INTERFACE -Wno-missing-designated-field-initializers)
endif()
if(PLATFORMER_SANITIZE)
  target_compile_options(platformer_options INTERFACE -fsanitize=${PLATFORMER_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(platformer_options INTERFACE -fsanitize=${PLATFORMER_SANITIZE})
endif()
if(PLATFORMER_COVERAGE)
  target_compile_options(platformer_options INTERFACE --coverage -fprofile-abs-path)
  target_link_options(platformer_options INTERFACE --coverage)
endif()
