/// Files that settings name, and which of them may be one.
#pragma once

#include <string>
#include <vector>

#include "core/option_set.hpp"

namespace orrery {

struct NamedFile {
  std::string name;  ///< of the option, for messages; or what else names it, such as "the configuration file"
  std::string path;  ///< empty: there is none
  FileUse use = FileUse::read;
  std::string key{};  ///< of the option that a change of could mend it; empty: it is the name
};

/// Whether two names are, or would be, one file: by another spelling, through symbolic links, whether or not
/// there is anything behind them yet, or by a hard link.
bool is_same_file(const std::string& a, const std::string& b);

/// Whether a file is, or would be, in a directory or below it.
bool is_within(const std::string& file, const std::string& directory);

/// The files that options name.
std::vector<NamedFile> named_files(const OptionSet& options);

/// Refuses that what is written is what something else reads or writes. Devices, such as /dev/null, take any
/// number.
/// @throws OptionConflict naming both
void refuse_shared_files(const std::vector<NamedFile>& files);

}  // namespace orrery
