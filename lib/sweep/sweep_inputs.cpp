#include "sweep/sweep_inputs.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>

#include "core/error.hpp"
#include "io/checksum.hpp"

namespace orrery {
namespace {

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016" PRIx64, number);
  return text.data();
}

}  // namespace

SweepInputs::SweepInputs(const std::set<std::string>& paths) {
  for (const auto& path : paths) {
    check_input_file(path, "cannot read '" + path + "'");
    const FileIdentity identity = identity_of_file(path);
    inputs_.push_back({path, hexadecimal(checksum_of_file(path)), identity});
  }
}

std::string SweepInputs::text() const {
  std::string text;
  for (const auto& input : inputs_) text.append("\n").append(input.checksum).append(" ").append(input.path);
  return text;
}

void SweepInputs::refuse_changed(const std::string& identity, const std::string& directory) const {
  for (const auto& input : inputs_) {
    const auto place = (identity + "\n").find(" " + input.path + "\n");
    if (place == std::string::npos || place < input.checksum.size())
      continue;  // the journal is of other work
    if (identity.compare(place - input.checksum.size(), input.checksum.size(), input.checksum) == 0) continue;
    throw Error(ExitCode::input_data,
                "'" + input.path + "' has changed since the sweep in '" + directory +
                    "' began (its runs would not belong together); put back what it was, or "
                    "choose another --out");
  }
}

void SweepInputs::refuse_changed_meanwhile() const {
  for (const auto& input : inputs_) {
    // A new time alone is no change.
    if (identity_of_file(input.path) != input.identity &&
        hexadecimal(checksum_of_file(input.path)) != input.checksum)
      throw Error(ExitCode::input_data, "'" + input.path +
                                            "' was changed while the sweep went on (its runs may not belong "
                                            "together); make the sweep anew in another --out");
  }
}

}  // namespace orrery
