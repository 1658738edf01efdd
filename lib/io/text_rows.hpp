/// Particles in the columns of a line of text, whatever the format that the line is of.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "laws/law.hpp"
#include "particles/particle_store.hpp"

namespace orrery {

/// What is wrong with a line, to be told with its place.
class TextProblem : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What parts the values of a line.
enum class Separator : char { comma = ',', semicolon = ';', tab = '\t', blanks = ' ' };

/// Parts a line. Blanks around values, and double quotes, are left out; in quotes a separator is a letter,
/// and two quotes are one. @throws TextProblem where a quote is not closed
class LineSplitter {
public:
  const std::vector<std::string_view>& split(std::string_view line, Separator separator);

private:
  void split_quoted(std::string_view line, Separator separator);

  std::vector<std::string_view> fields_;
  std::vector<std::string> unquoted_;
};

/// Which columns are a particle's: `x`, `y`, `z`, those of the law, and `id`.
class TextRows {
public:
  TextRows() = default;
  /// @param axes   2 or 3; in the plane z and what else is along it have to be 0 where they are there
  /// @param expected  what columns there may be, for messages
  /// @throws TextProblem where one is missing, or is there twice
  TextRows(std::vector<std::string> names, int axes, std::span<const ParameterColumn> parameters,
           const std::string& expected);
  /// Points alone: x, y, and z where it is there.
  TextRows(std::vector<std::string> names, const std::string& expected);

  int axes() const { return static_cast<int>(position_.size()); }
  int parameters() const { return static_cast<int>(parameter_.size()); }
  bool has_ids() const { return id_ >= 0; }
  /// Whether the columns that may be absent are there.
  bool has_optional() const { return has_optional_; }
  /// Columns that are not read.
  const std::vector<std::string>& unused() const { return unused_; }
  const std::vector<std::string>& names() const { return names_; }
  /// Where species are, whose values may then be words.
  int species_column() const { return species_; }

  /// A comma may stand for a point, as spreadsheets write it beside semicolons: throughout, or nowhere.
  void allow_decimal_commas() { commas_allowed_ = true; }
  /// Numbers that words for species stand for.
  void name_species(std::map<std::string, int, std::less<>> numbers) {
    species_numbers_ = std::move(numbers);
  }

  /// Puts a line's values into a row. @throws TextProblem
  /// @param count  rows before it, which is the id where there is no column of ids
  void take(std::span<const std::string_view> fields, std::int64_t count, ParticleRows& rows,
            std::size_t row);

private:
  void find_columns(int axes, std::span<const ParameterColumn> parameters, const std::string& expected);
  int find(std::string_view name) const;
  double number_in(std::span<const std::string_view> fields, int column);
  double with_comma(std::string_view text, int column);
  ParticleId id_in(std::span<const std::string_view> fields) const;

  std::vector<std::string> names_;
  std::vector<std::string> unused_;
  std::vector<int> position_;
  std::vector<ParameterColumn> parameters_;
  std::vector<int> parameter_;  ///< below 0: 0 for every particle
  std::vector<int> flat_;       ///< columns along z in the plane
  int id_ = -1;
  int species_ = -1;
  bool has_optional_ = true;
  bool commas_allowed_ = false, saw_comma_ = false, saw_point_ = false;
  std::map<std::string, int, std::less<>> species_numbers_;
};

}  // namespace orrery
