#include "net/digest.hpp"

#include <gtest/gtest.h>

namespace platformer::net {
namespace {

std::string encoded(std::string_view bytes) {
  std::string out;
  base64_append(out, bytes);
  return out;
}

std::string decoded(std::string_view text) {
  bool ok = false;
  const secret_string bytes = base64_decode(text, ok);
  return ok ? std::string(bytes.reveal()) : "refused";
}

TEST(digest, hashes_as_fips_180_says) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(digest, a_fingerprint_is_the_start_of_the_hash) {
  EXPECT_EQ(fingerprint("abc"), "sha256:ba7816bf8f01");
}

TEST(digest, random_names_have_their_length_and_differ) {
  EXPECT_EQ(random_hex(16).size(), 32U);
  EXPECT_EQ(random_hex(0), "");
  EXPECT_NE(random_hex(16), random_hex(16));
}

TEST(digest, base64_encodes_the_vectors_of_rfc_4648) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foob"), "Zm9vYg==");
  EXPECT_EQ(encoded("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_size(5), 8U);
}

TEST(digest, base64_gives_every_byte_back) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    all += static_cast<char>(byte);
    EXPECT_EQ(decoded(encoded(all)), all);
  }
}

TEST(digest, base64_skips_line_ends_only) {
  EXPECT_EQ(decoded("Zm9v\r\nYmFy\n"), "foobar");
  EXPECT_EQ(decoded("Zm9v YmFy"), "refused");
}

TEST(digest, base64_refuses_what_is_not_whole_or_not_canonical) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Zm9v=", "Zg==Zg==", "Zh==", "Zm9=", "Z-8=", "Zm9v!"}) {
    EXPECT_EQ(decoded(text), "refused") << text;
  }
}

}  // namespace
}  // namespace platformer::net
