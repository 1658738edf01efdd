/// Options declared once: key, unit, default, help and limits beside the field that each one sets.
///
/// Every module owns a plain struct with its settings and a `describe` function that adds its fields to an
/// `OptionSet`. Where the text of a setting comes from (command line, environment, file) is no concern of
/// this file.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/types.hpp"

namespace orrery {

/// What becomes of a file that an option names.
enum class FileUse { read, written };

/// One option: how to set it from text and print it as text that sets it to the same value again.
struct Option {
  std::string key;                ///< "section.name"
  std::string help;               ///< one phrase
  std::string unit;               ///< empty for numbers without one
  std::string accepts;            ///< what values are valid, such as "a number above 0" or "auto, on, off"
  std::string default_text;       ///< the value before anything set it
  int tokens = 1;                 ///< how many numbers make a value, at most
  std::optional<FileUse> file{};  ///< where the value is the name of one
  bool is_switch = false;         ///< on the command line the value may be left out, meaning "true"
  bool is_seed = false;           ///< of random numbers: a sweep gives every run another
  std::function<bool(std::string_view)>
      assign;  ///< false, with the field unchanged, when the text is not valid
  std::function<std::string()> text;
};

/// Limits of a number. Both ends belong to the valid range unless `above` says that the lower one does not.
struct Limits {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool above = false;
};

/// What a declaration says beside key and field.
struct Described {
  std::string help;
  std::string unit = "";
};

/// A key that an option had in earlier versions.
struct RenamedKey {
  std::string before;
  std::string key;
};

class OptionSet {
public:
  void add(std::string_view key, double& field, Limits limits, const Described& described);
  void add(std::string_view key, std::uint64_t& field, std::uint64_t least, std::uint64_t most,
           const Described& described);
  /// The seed of random numbers: any whole number of 64 bits.
  void add_seed(std::string_view key, std::uint64_t& field, const Described& described);
  void add(std::string_view key, bool& field, const Described& described);
  void add(std::string_view key, std::string& field, const Described& described);
  /// The name of a file. Empty: there is none.
  void add_file(std::string_view key, std::string& field, FileUse use, const Described& described);
  /// Two numbers; with `one_means_both`, a single number stands for the same value twice.
  void add(std::string_view key, Vec2& field, bool one_means_both, const Described& described);
  /// One number for all axes, or one for each of two or three. Where all are 0, which then is valid whatever
  /// the limits, they are written `zero_name`.
  void add(std::string_view key, PerAxis<double>& field, Limits limits, const std::string& zero_name,
           const Described& described);
  /// The same, where nothing is written `no_name`, and 0 is a number like others.
  void add(std::string_view key, std::optional<PerAxis<double>>& field, Limits limits,
           const std::string& no_name, const Described& described);
  /// One whole number for all axes, or one for each of two or three.
  void add(std::string_view key, PerAxis<std::uint64_t>& field, std::uint64_t least, std::uint64_t most,
           const Described& described);
  /// Whole numbers with commas between them, one at least.
  void add(std::string_view key, std::vector<std::uint64_t>& field, std::uint64_t least, std::uint64_t most,
           const Described& described);
  /// Numbers with commas between them, one at least. An empty list is written `empty_name`; without one there
  /// is none.
  void add(std::string_view key, std::vector<double>& field, Limits limits, const std::string& empty_name,
           const Described& described);

  /// One or more of several names, with commas between them.
  void add_names(std::string_view key, std::vector<std::string>& field, const std::vector<std::string>& names,
                 const Described& described);

  /// One of several names, each standing for a value.
  template <class Enumeration>
  void add_choice(std::string_view key, Enumeration& field,
                  std::vector<std::pair<std::string, Enumeration>> choices, const Described& described) {
    std::vector<std::string> names;
    names.reserve(choices.size());
    for (const auto& choice : choices) names.push_back(choice.first);
    add_named_choice(
        key, names, [&field, choices](std::size_t index) { field = choices[index].second; },
        [&field, choices] {
          std::size_t index = 0;
          while (choices[index].second != field) ++index;
          return index;
        },
        described);
  }

  /// One of several names for all axes, or one for each of two or three.
  template <class Enumeration>
  void add_choice(std::string_view key, PerAxis<Enumeration>& field,
                  std::vector<std::pair<std::string, Enumeration>> choices, const Described& described) {
    std::vector<std::string> names;
    names.reserve(choices.size());
    for (const auto& choice : choices) names.push_back(choice.first);
    add_named_choices(
        key, names,
        [&field, choices](const PerAxis<std::size_t>& selected) {
          field.given = selected.given;
          for (std::size_t axis = 0; axis < field.values.size(); ++axis)
            field.values[axis] = choices[selected.values[axis]].second;
        },
        [&field, choices] {
          PerAxis<std::size_t> selected{{}, field.given};
          for (std::size_t axis = 0; axis < field.values.size(); ++axis)
            while (choices[selected.values[axis]].second != field.values[axis]) ++selected.values[axis];
          return selected;
        },
        described);
  }

  /// Lets an option be set by the key that it had before, too; help and stored settings show the present one.
  /// @pre the option is declared, and no other has had that key
  void renamed(std::string_view before, std::string_view key);

  const std::vector<Option>& options() const { return options_; }
  const Option* find(std::string_view key) const;
  const std::vector<RenamedKey>& renamed_keys() const { return renamed_; }
  /// The present key for one that an option had before; any other as it is.
  std::string present_key(std::string_view key) const;

private:
  void add_named_choice(std::string_view key, const std::vector<std::string>& names,
                        std::function<void(std::size_t)> select, const std::function<std::size_t()>& selected,
                        const Described& described);
  void add_named_choices(std::string_view key, const std::vector<std::string>& names,
                         std::function<void(const PerAxis<std::size_t>&)> select,
                         const std::function<PerAxis<std::size_t>()>& selected, const Described& described);
  void add(Option option, const Described& described);

  std::vector<Option> options_;
  std::vector<RenamedKey> renamed_;
};

/// Settings that are each valid but not together. The keys are those that a change could mend, the likeliest
/// first.
class OptionConflict : public Error {
public:
  OptionConflict(std::vector<std::string> keys, const std::string& message)
      : Error(ExitCode::configuration, message), keys_(std::move(keys)) {}

  const std::vector<std::string>& keys() const { return keys_; }

private:
  std::vector<std::string> keys_;
};

}  // namespace orrery
