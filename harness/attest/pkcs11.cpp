// Engines are deprecated since OpenSSL 3.0 in favour of providers, and still what Debian 12 offers. All that
// is deprecated is in this file.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "harness/attest/pkcs11.h"

#include <fmt/core.h>
#include <openssl/engine.h>
#include <openssl/ui.h>

#include "harness/base/error.h"

namespace exitgate::attest {

namespace {

#ifndef OPENSSL_NO_ENGINE
// Started once and never ended: keys of its keep pointing into it.
ENGINE* engine() {
  static ENGINE* const started = [] {
    ENGINE_load_builtin_engines();
    ENGINE* found = ENGINE_by_id("pkcs11");
    // Its own words on stderr name the URI.
    if (found != nullptr) ENGINE_ctrl_cmd_string(found, "QUIET", nullptr, 0);
    if (found != nullptr && ENGINE_init(found) != 1) {
      ENGINE_free(found);
      found = nullptr;
    }
    return found;
  }();
  return started;
}

struct Answers {
  const std::string* pin;
  bool asked = false;
};

// Where libp11 asks for the PIN: what was given, once.
int answer(UI* ui, UI_STRING* question) {
  auto& answers = *static_cast<Answers*>(UI_get0_user_data(ui));
  if (UI_get_string_type(question) != UIT_PROMPT && UI_get_string_type(question) != UIT_VERIFY) return 1;
  const bool first = !answers.asked;
  answers.asked = true;
  if (!first || answers.pin->empty()) return 0;
  return UI_set_result_ex(ui, question, answers.pin->data(), static_cast<int>(answers.pin->size())) == 0 ? 1
                                                                                                         : 0;
}
#endif

}  // namespace

bool is_pkcs11(std::string_view source) {
  return source.starts_with("pkcs11:");
}

std::string shown_source(std::string_view source) {
  std::string shown(source);
  if (!is_pkcs11(source)) return shown;
  constexpr std::string_view kPin = "pin-value=";
  for (std::size_t at = shown.find(kPin); at != std::string::npos; at = shown.find(kPin, at + kPin.size())) {
    const std::size_t begin = at + kPin.size();
    const std::size_t end = shown.find_first_of("&;?", begin);
    shown.replace(begin, end == std::string::npos ? end : end - begin, "***");
  }
  return shown;
}

#ifdef OPENSSL_NO_ENGINE
Pkey load_from_token(const std::string& uri, const std::string& /*pin*/, bool /*want_private*/) {
  throw UsageError(
      fmt::format("cannot open the key {}: OpenSSL has no provider for PKCS#11", shown_source(uri)),
      "install pkcs11-provider and switch it on in openssl.cnf");
}
#else
Pkey load_from_token(const std::string& uri, const std::string& pin, bool want_private) {
  ERR_clear_error();
  if (engine() == nullptr) {
    ERR_clear_error();
    throw UsageError(
        fmt::format("cannot open the key {}: OpenSSL has neither a provider nor an engine for PKCS#11",
                    shown_source(uri)),
        "install pkcs11-provider, or on Debian 12 libengine-pkcs11-openssl");
  }
  const std::unique_ptr<UI_METHOD, Release<UI_METHOD, UI_destroy_method> > asking(
      UI_create_method("exitgate"));
  UI_method_set_reader(asking.get(), answer);
  Answers answers{&pin};
  Pkey key(want_private ? ENGINE_load_private_key(engine(), uri.c_str(), asking.get(), &answers)
                        : ENGINE_load_public_key(engine(), uri.c_str(), asking.get(), &answers));
  if (!key) {
    const std::string reason = openssl_reason();
    const bool unanswered = answers.asked && pin.empty();
    throw UsageError(fmt::format("the token gives no {} key for {}: {}", want_private ? "private" : "public",
                                 shown_source(uri), unanswered ? "it asks for a PIN" : reason),
                     unanswered
                         ? "give the PIN in EXITGATE_KEY_PASSPHRASE, or name a file: ?pin-source=file:PATH"
                         : "p11tool --list-all shows what a token holds");
  }
  return key;
}
#endif

}  // namespace exitgate::attest
