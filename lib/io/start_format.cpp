#include "io/start_format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace orrery {

StartFormat start_format_of(const std::string& file) {
  std::string name = std::filesystem::path(file).filename().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  const auto ends_in = [&](const auto& endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
  };
  if (ends_in(std::array{".h5md", ".h5", ".hdf5"})) return StartFormat::h5md;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (ends_in(std::array{".csv", ".tsv", ".txt", ".dat"})) return StartFormat::table;
  if (ends_in(std::array{".xyz", ".extxyz"})) return StartFormat::xyz;
  return StartFormat::unknown;
}

}  // namespace orrery
