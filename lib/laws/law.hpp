/// What the rest of the program knows of a law of motion.
///
/// The arithmetic is in a second header, `laws/<name>-inl.hpp`, which is compiled once per instruction set.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/option_set.hpp"
#include "laws/columns.hpp"

namespace orrery {

/// A number that every particle carries beside its position, such as its speed.
struct ParameterColumn {
  std::string name;     ///< column of a CSV file; the generator's range is `particles.<name>-low` and `-high`
  std::string dataset;  ///< name in the trajectory file, where it is stored once
  std::string description;  ///< for help texts
  int component =
      -1;  ///< not below 0: `dataset` is stored with every frame, and this is one of its components
  std::int32_t values = 0;     ///< above 0: whole numbers from 0 to below it, each or all stored once or with
                               ///< every frame; else any numbers
  bool may_be_absent = false;  ///< it and all like it may be missing in a file: 0 for every particle
  std::string need = "";       ///< why a file has to have it, for messages

  bool is_constant() const { return component < 0; }
};

/// How the values of a quantity over all particles become one number.
enum class Reduction { mean, least, most };

/// A number about all particles that is written at every frame.
struct Diagnostic {
  std::string name;     ///< data set under /diagnostics
  std::string heading;  ///< of the table on the terminal
  int quantity = 0;     ///< which of the per-particle quantities that the law measures
  Reduction reduction = Reduction::mean;
};

/// A law of any kind.
class Law {
public:
  Law() = default;
  Law(const Law&) = delete;
  Law& operator=(const Law&) = delete;
  virtual ~Law() = default;

  virtual std::string_view name() const = 0;

  /// What every particle carries beside its position; in the plane, columns for a third axis are left out.
  virtual std::span<const ParameterColumn> parameters() const = 0;

  /// Numbers about all particles that are written at every frame.
  virtual std::span<const Diagnostic> diagnostics() const = 0;

  /// Adds the options of the section that is named after the law.
  virtual void describe(OptionSet& options) = 0;

  /// The form of the arithmetic that will run, by configuration alone, and its place in the vector code's
  /// list.
  virtual std::string_view method() const = 0;
  virtual int method_index() const = 0;
};

/// A law under which particles do not act on each other.
class IndependentLaw : public Law {
public:
  /// Axes of the positions: 2 or 3.
  virtual int dimensions() const = 0;

  /// Per-particle quantities that the law measures at every frame; diagnostics are made of them.
  virtual int quantity_count() const = 0;

  /// Which forms of the arithmetic particles move by under the method: most by the one, some that are out of
  /// its range by another, some not at all. Indices are those that `form` in the vector code gives.
  virtual std::span<const std::string_view> forms() const = 0;

  /// @param step  time step [time]
  virtual LawConstants constants(double step) const = 0;
};

}  // namespace orrery
