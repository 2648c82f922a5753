# Programs without shared libraries, for images (Dockerfile). Debian has static archives of OpenSSL, Boost.URL, yaml-cpp and
# SQLite; of spdlog and fmt it has headers that do without a library; a static prometheus-cpp has to be built beforehand.
if(NOT PLATFORMER_STATIC)
  add_library(platformer_spdlog INTERFACE)
  target_link_libraries(platformer_spdlog INTERFACE spdlog::spdlog)
  return()
endif()

get_target_property(spdlog_headers spdlog::spdlog_header_only INTERFACE_INCLUDE_DIRECTORIES)
add_library(platformer_spdlog INTERFACE)
target_include_directories(platformer_spdlog SYSTEM INTERFACE ${spdlog_headers})
target_compile_definitions(platformer_spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY=1)
target_link_libraries(platformer_spdlog INTERFACE Threads::Threads)

find_library(PLATFORMER_YAML_CPP_ARCHIVE libyaml-cpp.a REQUIRED)
add_library(yaml-cpp::yaml-cpp STATIC IMPORTED)
set_target_properties(yaml-cpp::yaml-cpp PROPERTIES IMPORTED_LOCATION ${PLATFORMER_YAML_CPP_ARCHIVE})

get_target_property(prometheus_type prometheus-cpp::core TYPE)
if(NOT prometheus_type STREQUAL STATIC_LIBRARY)
  message(FATAL_ERROR "PLATFORMER_STATIC needs a static prometheus-cpp (CMAKE_PREFIX_PATH); see the Dockerfile")
endif()
# Position independent all the same: addresses stay random. The table for that, packed, takes a twentieth of the room.
add_link_options(-static-pie -Wl,-z,pack-relative-relocs)
