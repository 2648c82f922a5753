// What a person does at the Console's own pages.
#include "tests/models/console_model.hpp"

namespace platformer::models {
namespace {

tl::unexpected<refusal> no_such_account() {
  return refuse(404, "there is no such service account");
}

}  // namespace

answer<issued_account> console_model::create_by_hand(std::string_view organization_id,
                                                     std::string_view project_id,
                                                     const account_fields& fields, time_point now) {
  const organization* owner = directory_->find(organization_id);
  if (owner == nullptr) return refuse(400, "there is no such organization");
  if (!project_id.empty() && owner->find_project(project_id) == nullptr)
    return refuse(400, "there is no such project");
  return make(*owner, project_id, fields, {.act = account_act::create, .by_hand = true, .at = now});
}

answer<void> console_model::remove_by_hand(std::string_view id, time_point now) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return no_such_account();
  erase(*stored, {.act = account_act::remove, .by_hand = true, .at = now});
  return {};
}

answer<issued_account> console_model::renew_by_hand(std::string_view id, time_point now) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return no_such_account();
  return reissue(*stored, {.act = account_act::renew, .by_hand = true, .at = now});
}

answer<account_view> console_model::revoke_by_hand(std::string_view id, time_point now) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return no_such_account();
  stored_account changed = *stored;
  changed.token.reset();
  account_view view = view_of(changed, now);
  store(std::move(changed), {.act = account_act::revoke, .by_hand = true, .at = now});
  return view;
}

answer<account_view> console_model::edit_by_hand(std::string_view id, const account_fields& fields,
                                                 time_point now) {
  const stored_account* stored = find(id);
  if (stored == nullptr) return no_such_account();
  const auto& data = stored->data;
  if (fields.name)
    if (auto ok = check_name(*fields.name, data.organization_id, data.project_id, id); !ok)
      return tl::unexpected(ok.error());
  if (auto ok = check(fields, *directory_->find(data.organization_id), data.project_id); !ok)
    return tl::unexpected(ok.error());
  return apply(*stored, fields, {.act = account_act::update, .by_hand = true, .at = now});
}

}  // namespace platformer::models
