// The stores of one connection. SQLite takes at most ten databases beside the main one, and there are more domains than that:
// where somebody opens more, a store is attached when a statement names it, and another one that no statement is
// using makes room.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace exitgate::facts {

class Stores {
 public:
  // A connection with nothing in it. Throws Undecided.
  Stores();
  ~Stores();
  Stores(Stores&& other) noexcept;
  Stores& operator=(Stores&&) = delete;
  Stores(const Stores&) = delete;
  Stores& operator=(const Stores&) = delete;

  sqlite3* database() const { return database_; }
  // Adds a file, read only, or a store in memory, which can be changed. Throws Undecided for a file that is not a store.
  void add_file(const std::string& domain, const std::filesystem::path& file);
  void add_bytes(const std::string& domain, std::string bytes);
  // Whether all of them are attached at once.
  bool all_attached() const { return stores_.size() <= kMostAttached; }
  // Attaches what the statement may name. Throws Undecided when it names more than fit.
  void make_ready(std::string_view sql) const;
  // A store as a database file's bytes.
  std::string bytes_of(const std::string& domain) const;
  // Puts these in the place of a store in memory.
  void replace(const std::string& domain, std::string bytes) const;

 private:
  static constexpr std::size_t kMostAttached = 10;
  struct Store {
    std::string domain;
    std::filesystem::path file;  // "" in memory
    std::string bytes;           // in memory, while it is not attached
    bool attached = false;
    std::size_t used = 0;  // when it was asked for last
  };
  void add(Store store);
  void attach(Store& store) const;
  bool detach(Store& store) const;
  void make_room(std::size_t now) const;

  sqlite3* database_ = nullptr;
  mutable std::vector<Store> stores_;
  mutable std::size_t uses_ = 0;
};

}  // namespace exitgate::facts
