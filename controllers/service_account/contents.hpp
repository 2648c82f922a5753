// Keys and values of the Secret: the token, what the Secret's type asks for, and the spec's templates.
#pragma once

#include "controllers/service_account/findings.hpp"
#include "model/secret_contents.hpp"

namespace platformer::accounts {

// What the Secret holds for `token`, by key. An error where the templates can't be expanded; it names the
// field.
result<secret_data> desired_contents(const snapshot& seen, const state& now, const token_handle& token,
                                     const std::string& account_id,
                                     const std::optional<time_point>& expires_at);

// Takes into `write` what differs from `content` (null: there is none), and the removal of what only an
// earlier spec or token put there: keys that the Secret's notes list, and copies of the token of
// `old_fingerprint`. Where the templates can't be expanded only the token's own key is written: a token in
// hand always finds its place. `moved`: the Secret that the token comes from, when it is another.
void set_contents(secret_write& write, const snapshot& seen, const state& now, const token_handle& token,
                  const secret_record& record, const secret_content* content,
                  const std::string& old_fingerprint, const secret_content* moved = nullptr);

// The entries of the Secret's note of what the spec asked for, "label:a", "annotation:b", "data:c".
std::vector<std::string_view> applied_entries(const object_meta& secret);

// "data:a,data:b": the keys beside the token's own that the spec asks for, as they are noted on the Secret.
std::string noted_keys(const secret_spec& spec);

}  // namespace platformer::accounts
