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
  if(PLATFORMER_UNITY)  # as if what is unnamed were in a header
    target_compile_options(platformer_options INTERFACE -Wno-subobject-linkage)
  endif()
endif()
# Members that a designated initializer leaves out have their defaults; GCC 12 doesn't ask for them either.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19)
  target_compile_options(platformer_options INTERFACE -Wno-missing-designated-field-initializers)
endif()
# What makes an error in handling memory end the program, instead of being of use to somebody
# (tests/hardening). Sanitizers find the same errors, and more, with means of their own.
if(NOT PLATFORMER_SANITIZE)
  target_link_options(platformer_options INTERFACE LINKER:-z,relro,-z,now,-z,noexecstack)
  if(NOT PLATFORMER_STATIC)  # else -static-pie, see StaticDependencies.cmake
    target_link_options(platformer_options INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
  endif()
endif()
# FORTIFY_SOURCE=3 also knows sizes that are computed; it needs an optimizing build, GCC 12 and glibc 2.34.
if(PLATFORMER_HARDENING AND NOT PLATFORMER_SANITIZE)
  target_compile_options(platformer_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
    -D_GLIBCXX_ASSERTIONS $<$<NOT:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>:-fPIE>)
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
