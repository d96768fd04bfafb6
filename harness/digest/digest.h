// SHA-256 through OpenSSL. A room of its own, so that a check never loads OpenSSL.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace exitgate::digest {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  std::string hex();  // 64 lower-case hexadecimal digits; ends the digest and begins another

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
// SHA-1, by which git names what it keeps: 40 digits. Never for evidence.
std::string sha1_hex(std::string_view bytes);
std::string sha256_file(const std::filesystem::path& path);  // throws Undecided when unreadable

}  // namespace exitgate::digest
