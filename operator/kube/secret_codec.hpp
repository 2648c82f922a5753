// Secrets as bytes: values go from the reply's buffer straight into wiped strings and from there straight
// into the request's buffer. No JSON tree ever holds one.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret_string.hpp"
#include "model/object_meta.hpp"
#include "model/secret.hpp"

namespace platformer::kube {

// The body of POST (write.creates()) or of a merge patch with uid and resourceVersion as preconditions.
secret_string encode_secret(const secret_write& write);

// A Secret as the apiserver returns it. kubectl's last-applied annotation, which can hold the same values, is
// left out. Errors quote nothing.
result<secret_content> decode_secret(std::string_view body);
// Only its metadata; a PartialObjectMetadata does, too.
result<object_meta> decode_secret_meta(std::string_view body);

}  // namespace platformer::kube
