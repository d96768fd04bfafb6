// Usage: generate-facts OUT_DIR FILE.sql...
// Writes OUT_DIR/<domain>.h and <domain>.cpp for each declaration, and domains.h and declarations.cpp for all of them. A
// file that would be the same again is left as it is, so that a changed comment rebuilds no more than it must.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/facts/generate/emit.h"

namespace {

namespace fs = std::filesystem;
namespace generate = exitgate::facts::generate;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && read(path) == text) return;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::fputs("usage: generate-facts OUT_DIR FILE.sql...\n", stderr);
    return 2;
  }
  const fs::path out = argv[1];
  std::vector<generate::Domain> domains;
  for (int i = 2; i < argc; ++i) {
    const fs::path file = argv[i];
    // Comments and messages name the file as the repository does.
    const std::string shown = "harness/facts/tables/" + file.filename().string();
    domains.push_back(generate::parse(file.stem().string(), shown, read(file)));
  }
  std::sort(domains.begin(), domains.end(),
            [](const generate::Domain& a, const generate::Domain& b) { return a.name < b.name; });
  fs::create_directories(out);
  for (const auto& domain : domains) {
    write(out / (domain.name + ".h"), generate::header(domain));
    write(out / (domain.name + ".cpp"), generate::source(domain));
  }
  write(out / "domains.h", generate::aliases(domains));
  write(out / "declarations.cpp", generate::declarations(domains));
  return 0;
} catch (const std::exception& mistake) {
  std::fprintf(stderr, "%s\n", mistake.what());
  return 1;
}
