#include "core/named_files.hpp"

#include <algorithm>
#include <filesystem>

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// The place that a name stands for, symbolic links followed as opening it would.
fs::path place_of(const std::string& name) {
  constexpr int most_links = 40;  // as Linux has it
  std::error_code status;
  fs::path place = fs::absolute(name, status);
  for (int links = 0; links < most_links && fs::is_symlink(fs::symlink_status(place, status)); ++links) {
    const fs::path target = fs::read_symlink(place, status);
    if (status) break;
    place = place.parent_path() / target;  // which is the target alone where that is absolute
  }
  const fs::path canonical = fs::weakly_canonical(place, status);
  return status ? place.lexically_normal() : canonical;
}

const std::string& key_of(const NamedFile& file) {
  return file.key.empty() ? file.name : file.key;
}

}  // namespace

bool is_same_file(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return false;
  std::error_code status;
  return fs::equivalent(a, b, status) || place_of(a) == place_of(b);
}

bool is_within(const std::string& file, const std::string& directory) {
  fs::path outer = place_of(directory);
  if (!outer.has_filename()) outer = outer.parent_path();
  const fs::path inner = place_of(file);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::vector<NamedFile> named_files(const OptionSet& options) {
  std::vector<NamedFile> files;
  for (const auto& option : options.options()) {
    if (option.file) files.push_back({option.key, option.text(), *option.file});
  }
  return files;
}

void refuse_shared_files(const std::vector<NamedFile>& files) {
  std::error_code status;
  for (std::size_t at = 0; at < files.size(); ++at) {
    for (std::size_t before = 0; before < at; ++before) {
      const bool is_later_written = files[at].use == FileUse::written;
      const NamedFile& written = is_later_written ? files[at] : files[before];
      const NamedFile& other = is_later_written ? files[before] : files[at];
      if (written.use != FileUse::written || !is_same_file(written.path, other.path)) continue;
      if (fs::is_character_file(written.path, status)) continue;
      const bool is_lost = other.use == FileUse::read;
      throw OptionConflict(
          {key_of(written), key_of(other)},
          written.name + " is the same file as " + other.name + ", '" + written.path + "' (" +
              (is_lost ? "what is to be read would be lost" : "both would be written to it") +
              "); choose another " + written.name);
    }
  }
}

}  // namespace orrery
