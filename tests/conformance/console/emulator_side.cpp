#include <stdexcept>

#include "console/console_client.hpp"
#include "net/digest.hpp"
#include "tests/conformance/console/orders.hpp"
#include "tests/conformance/console/served_console.hpp"
#include "tests/conformance/console/side.hpp"

namespace platformer::conformance {
namespace {

using net::http_method;
using nlohmann::json;

// Of a call that is answered, and of one that is not because a fault says so.
constexpr duration patience = std::chrono::seconds(20);
constexpr duration impatience = std::chrono::milliseconds(500);

time_point this_second() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

console::console_settings settings_for(const served_console& console, duration timeout) {
  console::console_settings settings;
  settings.at = console.gateway();
  settings.timeout = timeout;
  return settings;
}

bool hangs(fault::kind what) {
  return what == fault::kind::hang_before || what == fault::kind::hang_after_commit;
}

// An error's text without the operation's name, which only the client puts before it.
std::string without_operation(const std::string& message) {
  const auto colon = message.find(": ");
  return colon == std::string::npos ? message : message.substr(colon + 2);
}

class emulator_side : public side {
 public:
  explicit emulator_side(const std::string& program)
      : server_(program, seed_yaml),
        patient_(server_.executor(), settings_for(server_, patience), nullptr),
        impatient_(server_.executor(), settings_for(server_, impatience), nullptr) {
    callers_[std::string(nobody)] = std::make_shared<const secret_string>("pct_never_issued");
    for (const auto& each : standard_callers)
      add_caller(std::string(each.name), each.organization, {std::string(each.role)}, std::nullopt);
  }
  ~emulator_side() override {
    patient_.close();
    impatient_.close();
  }

  answer perform(const call& made) override {
    says_.clear();
    auto text = made.written ? act(*made.written, made)
                             : std::visit([&](const auto& it) { return act(it, made.from); }, made.what);
    return {std::move(text), says_};
  }

  std::string truth() override {
    const auto stored = server_.admin(http_method::get, "/accounts").body;
    std::string text;
    for (const auto& entry : stored.at("accounts")) {
      auto data = console::decode_account(json{{"success", true}, {"data", entry}}.dump());
      if (!data) throw std::runtime_error(data.error().message);
      const stored_truth what{*data, entry.at("status") == "active", entry.at("tokens_issued")};
      text += (text.empty() ? "" : " | ") + words_.describe(what, live_token(entry));
    }
    return text.empty() ? "nothing" : text;
  }

 private:
  template <class T>
  using outcome = result<T, api_error>;

  void add_caller(const std::string& name, std::string_view organization, const string_set& roles,
                  std::optional<time_point> ends) {
    json body = {{"name", name}, {"organization_id", organization}, {"roles", roles}};
    if (ends) body["expired_in"] = format_rfc3339(*ends);
    const auto added = server_.admin(http_method::post, "/credentials", body);
    if (added.status != 200) throw std::runtime_error("the credential " + name + " was refused");
    callers_[name] =
        std::make_shared<const secret_string>(added.body.at("token").get_ref<const std::string&>());
  }

  token_handle token_of(const scope& from) const {
    if (from.token != 0) return words_.token(from.token);
    return from.caller.empty() ? nullptr : callers_.at(from.caller);
  }

  // The number of the token that the stored account's fingerprint is of, while it is live.
  std::optional<std::size_t> live_token(const json& entry) const {
    for (std::size_t i = 0; i < words_.tokens().size(); ++i)
      if (entry.at("status") == "active" &&
          entry.at("fingerprint") == net::fingerprint(words_.tokens()[i]->reveal()))
        return i + 1;
    return std::nullopt;
  }

  // The client, set up for this caller.
  console::console_client& client(const scope& from) {
    auto& chosen = std::exchange(will_hang_, false) ? impatient_ : patient_;
    chosen.use_credential(token_of(from));
    chosen.use_organization(from.organization);
    return chosen;
  }

  std::string failed(const api_error& error) {
    says_ = without_operation(error.message);
    return code_of(error);
  }
  std::string minted(const outcome<console::minted>& made) {
    if (!made) return failed(made.error());
    return words_.made(made->account_id, made->token, made->expires_at);
  }
  template <class T>
  std::string entries(const outcome<std::vector<T>>& found) {
    return found ? describe_entries(*found) : failed(found.error());
  }

  // ---- the operator's client
  std::string act(const create& it, const scope& from) {
    auto fields = fields_of(it.fields, words_.start());
    return minted(server_.run(client(from).create_account(std::move(fields), from.project)));
  }
  std::string act(const create_many& it, const scope& from) {
    for (std::size_t i = 1; i <= it.count; ++i)
      if (auto text = act(create{{.name = "a" + std::to_string(i)}}, from); !text.starts_with("made"))
        return text;
    return "done";
  }
  std::string act(const list&, const scope& from) {
    const auto all = server_.run(client(from).list_accounts(from.project));
    return all ? words_.describe(*all) : failed(all.error());
  }
  std::string act(const get& it, const scope& from) {
    const auto found = server_.run(client(from).get_account(words_.id_of(it.which), from.project));
    if (!found) return failed(found.error());
    return *found ? words_.describe(**found) : "none";
  }
  std::string act(const update& it, const scope& from) {
    auto fields = fields_of(it.fields, words_.start());
    const auto done =
        server_.run(client(from).update_account(words_.id_of(it.which), std::move(fields), from.project));
    return done ? "done" : failed(done.error());
  }
  std::string act(const renew& it, const scope& from) {
    const auto ends = it.ends ? std::optional(words_.start() + *it.ends) : std::nullopt;
    return minted(server_.run(client(from).renew_token(words_.id_of(it.which), ends, from.project)));
  }
  std::string act(const remove& it, const scope& from) {
    const auto gone = server_.run(client(from).delete_account(words_.id_of(it.which), from.project));
    if (!gone) return failed(gone.error());
    return *gone ? "removed" : "was gone";
  }
  std::string act(const validate& it, const scope& from) {
    const auto live = server_.run(client(from).validate_token(words_.token(it.token)));
    if (!live) return failed(live.error());
    return *live ? "live" : "dead";
  }
  std::string act(const list_organizations&, const scope& from) {
    return entries(server_.run(client(from).list_organizations()));
  }
  std::string act(const list_projects&, const scope& from) {
    return entries(server_.run(client(from).list_projects()));
  }
  std::string act(const list_roles& it, const scope& from) {
    return entries(server_.run(client(from).list_roles(it.project)));
  }

  // ---- requests of our own
  raw_headers headers_of(const scope& from) const {
    return {token_of(from), from.organization, from.project};
  }

  std::string act(const list_page& it, const scope& from) {
    const raw_request request{.path = "/serviceaccount/list?page=" + std::to_string(it.page) +
                                      "&limit=" + std::to_string(it.limit)};
    const auto reply = server_.send(request, headers_of(from));
    if (reply.status != 200) return refused(reply);
    const auto page = console::decode_account_page(reply.body.dump());
    return page ? words_.describe(*page) : page.error().message;
  }
  std::string act(const raw_request& request, const call& made) {
    raw_request filled = request;
    if (const auto at = filled.path.find("{1}"); at != std::string::npos)
      filled.path.replace(at, 3, words_.id_of(1));
    const auto reply = server_.send(filled, headers_of(made.from));
    if (reply.status == 200) return "200";
    auto text = refused(reply);
    // As the client understands them.
    if (reply.status == 404 && std::holds_alternative<get>(made.what)) return "none";
    if (reply.status == 404 && std::holds_alternative<remove>(made.what)) return "was gone";
    return text;
  }
  static std::string act(const wrong_shape&, const scope&) {
    throw std::logic_error("a request of a wrong shape has to be written out");
  }
  // By its status; the contract's envelope has to be there.
  std::string refused(const plain_reply& reply) {
    const json::json_pointer text("/errors/message/error");
    const bool told = reply.content_type == "application/json" && reply.body.is_object() &&
                      reply.body.contains(text) && reply.body.at(text).is_string();
    says_ = told ? reply.body.at(text).get<std::string>() : std::string();
    return code_of(models::to_api_error({reply.status, says_})) + (told ? "" : " without the error envelope");
  }

  // ---- what others do
  std::string act(const add_credential& it, const scope&) {
    add_caller(it.name, "acme", it.roles, it.ends ? std::optional(words_.start() + *it.ends) : std::nullopt);
    return "done";
  }
  std::string act(const fault& it, const scope&) {
    will_hang_ = hangs(it.what);
    return orders_.act(it);
  }
  template <class Order>
  requires requires(admin_orders orders, const Order& it) { orders.act(it); }
  std::string act(const Order& it, const scope&) { return orders_.act(it); }

  served_console server_;
  console::console_client patient_;
  console::console_client impatient_;
  bool will_hang_ = false;  // the next call of the API
  std::map<std::string, token_handle, std::less<>> callers_;
  vocabulary words_{this_second()};
  admin_orders orders_{server_, words_};
  std::string says_;
};

}  // namespace

std::unique_ptr<side> make_emulator_side(const std::string& program) {
  return std::make_unique<emulator_side>(program);
}

}  // namespace platformer::conformance
