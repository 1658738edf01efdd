/// Tables of columns in an HDF5 file, for programs that read by name.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace orrery {

/// One column: whole numbers, numbers, or texts.
struct TableColumn {
  std::string name;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>> values;
};

/// Writes a file with one data set of shape (rows) per column, in place of an existing one at once: no reader
/// sees half a table. Texts are `FixedTexts`. Local.
/// @pre all columns are of one length
/// @throws Error (output)
void write_table_file(const std::string& path, const std::vector<TableColumn>& columns);

}  // namespace orrery
