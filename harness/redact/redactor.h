// Between every collector and the disk: secrets are masked before anything is written.
//
// Two things are masked: values *known* to be secret (passwords of URLs and PG* variables, tokens in remotes,
// values of variables whose names say so), in every form that they may be written in, and *recognised* forms
// (token formats, private keys, passwords in URLs).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::redact {

class Redactor {
 public:
  Redactor();
  ~Redactor();
  Redactor(Redactor&&) noexcept;
  Redactor& operator=(Redactor&&) noexcept;

  // Knows the secrets of this process's environment: by the names of the variables, and the passwords of their URLs.
  static Redactor from_environment();

  // Values shorter than 4 bytes are not taken: masking them would only blot the text.
  void add_secret(std::string_view value);
  // The password of a URL or of a libpq "key=value" string, if it has one.
  void add_url(std::string_view url);

  // The values that it knows, to tell whether two redactors mask the same: secret itself.
  const std::vector<std::string>& values() const;

  // The text with each secret replaced by "***". `masked` is increased by the number of places.
  std::string redact(std::string_view text, std::size_t* masked = nullptr) const;
  // The same, or nullopt when there is nothing to mask.
  std::optional<std::string> redacted(std::string_view text, std::size_t* masked = nullptr) const;

  struct Suspect {
    std::size_t line;  // counts from 1
    std::string what;  // "password in a URL"
  };
  static std::vector<Suspect> places(std::string_view text);

  // Places in a text that look like a secret in the clear, masked ones not: what a gate may fail on. Each is
  // a short description without the secret ("line 12: password in a URL").
  static std::vector<std::string> suspicious(std::string_view text);

 private:
  struct Known;
  std::unique_ptr<Known> known_;
};

// A URL without user name, password or token: for remotes and messages.
std::string without_credentials(std::string_view url);

}  // namespace exitgate::redact
