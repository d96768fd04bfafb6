#include "harness/base/build_id.h"

#include <elf.h>
#include <fmt/core.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace exitgate {

namespace {

constexpr std::size_t aligned(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

// The notes of a segment, one after the other: a header, the owner's name, and what it says.
std::string id_in(const char* notes, std::size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes, sizeof(header));
    const std::size_t whole = sizeof(header) + aligned(header.n_namesz) + aligned(header.n_descsz);
    if (whole > size) return "";
    const std::string_view owner(notes + sizeof(header), header.n_namesz);
    if (header.n_type == NT_GNU_BUILD_ID && owner == std::string_view("GNU", 4)) {
      std::string id;
      const char* const bytes = notes + sizeof(header) + aligned(header.n_namesz);
      for (std::size_t i = 0; i < header.n_descsz; ++i)
        id += fmt::format("{:02x}", static_cast<unsigned char>(bytes[i]));
      return id;
    }
    notes += whole;
    size -= whole;
  }
  return "";
}

// The first object is the program itself.
int look_at_program(dl_phdr_info* program, std::size_t /*size*/, void* id) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const auto& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // The loader gives addresses as numbers.
    const auto* const notes = reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);  // NOLINT
    if (auto found = id_in(notes, segment.p_memsz); !found.empty()) {
      *static_cast<std::string*>(id) = std::move(found);
      break;
    }
  }
  return 1;  // no other object
}

}  // namespace

std::string build_id() {
  std::string id;
  dl_iterate_phdr(look_at_program, &id);
  return id;
}

}  // namespace exitgate
