/// Particles from the last frame of an XYZ file, extended or plain.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/text_reader.hpp"
#include "laws/law.hpp"

namespace orrery {

/// A frame is a line with the number of particles, a comment, and a line for each particle. A comment with
/// `Properties=` names the columns: `pos`, `velo` (or `vel`, `velocities`), `id`, `species`, `type`, and
/// columns of the law by their names; without it they are a name and x, y, z. `Lattice`, `Origin` and `pbc`
/// of the comment are the box, `Step` and `Time` the frame's place in time.
///
/// Species are whole numbers from 0: those of an integer `type`; else the names' where all are such numbers;
/// else names are numbered as they appear.
class XyzReader final : public TextReader {
public:
  /// Looks at all frames, and finds the last. @throws Error (input_data) naming file and line
  XyzReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters);
  /// Points alone, x, y and z.
  explicit XyzReader(const std::string& file);

  std::string place_of(std::int64_t row) const override;

private:
  std::vector<std::string> find_last_frame();
  std::vector<std::string> names_of_columns(const std::string& comment);
  void number_species();
};

}  // namespace orrery
