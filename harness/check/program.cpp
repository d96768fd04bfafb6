#include "harness/check/program.h"

#include <map>

namespace exitgate::check {

namespace {

std::map<const Check*, std::filesystem::path>& programs() {
  static std::map<const Check*, std::filesystem::path> all;
  return all;
}

}  // namespace

std::filesystem::path program_of(const Check& check) {
  const auto found = programs().find(&check);
  return found == programs().end() ? std::filesystem::path{} : found->second;
}

void set_program(const Check& check, std::filesystem::path program) {
  programs()[&check] = std::move(program);
}

}  // namespace exitgate::check
