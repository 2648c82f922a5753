// Boost.JSON's own sources, of which the parser of bounded_json.cpp needs a few functions: compiled here,
// they need no shared library.
#include <boost/json/src.hpp>
