#include "particles/file_box.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/number_text.hpp"

namespace orrery {
namespace {

constexpr std::array axis_names{"x", "y", "z"};

/// Of a number in single precision, in which files may have theirs, relative to the number.
constexpr double single_rounding = 0x1p-23;

[[noreturn]] void refuse(std::vector<std::string> keys, const std::string& message) {
  throw OptionConflict(std::move(keys), message);
}

class FileBox {
public:
  FileBox(const BoxOptions& options, const std::string& file, const StoredBox* stored)
      : options_(options),
        name_("particles.file '" + file + "'"),
        has_lengths_(options.lengths[0] > 0.0),
        told_(is_passed_over(options, stored) ? nullptr : stored),
        prefers_file_(options.from == BoxFrom::file),
        takes_file_(told_ != nullptr && (prefers_file_ || !has_lengths_)) {}

  Box box() const {
    check_told();
    Box box;
    box.axes = axes();
    check_axes("box.boundary", options_.boundary.given, box.axes);
    if (options_.origin) check_axes("box.origin", options_.origin->given, box.axes);
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
      box.lengths[axis] = length(axis);
      box.origin[axis] = origin(axis, box.lengths[axis]);
      box.boundary[axis] = boundary(axis);
    }
    return box;
  }

private:
  /// Also where the file tells no edge at all, and they are set.
  static bool is_passed_over(const BoxOptions& options, const StoredBox* stored) {
    if (options.from == BoxFrom::config) return true;
    if (stored == nullptr || options.from == BoxFrom::file || !(options.lengths[0] > 0.0)) return false;
    return std::none_of(stored->lengths.begin(), stored->lengths.end(),
                        [](double length) { return length > 0.0; });
  }

  void check_told() const {
    if (prefers_file_ && told_ == nullptr)
      refuse({"box.from"}, "box.from is file, but " + name_ + " tells no box; set box.lengths instead");
    if (told_ != nullptr && !told_->problem.empty())
      refuse({"box.from"}, name_ + ": " + told_->problem + "; set box.lengths, and box.from config");
    if (takes_file_ || has_lengths_) return;
    refuse({"box.lengths", "particles.source"},
           "box.lengths is auto, but " + name_ +
               " tells no box; set box.lengths to one number for a cube, two in the plane, or three");
  }

  static void check_axes(const std::string& key, int given, int axes) {
    if (given == 1 || given == axes) return;
    refuse({key}, key + " has values for " + std::to_string(given) + " axes, but box.lengths has " +
                      std::to_string(axes) + "; give one value for all axes, or " + std::to_string(axes));
  }

  int axes() const {
    if (!takes_file_) return options_.lengths.given == 2 ? 2 : 3;
    return options_.boundary.given == 2 ? 2 : told_->axes;
  }

  bool tells(std::size_t axis) const {
    return told_ != nullptr && axis < static_cast<std::size_t>(told_->axes) && told_->lengths[axis] > 0.0;
  }

  double length(std::size_t axis) const {
    const double given = options_.lengths[static_cast<int>(axis)];
    if (takes_file_) {
      if (!tells(axis) || !std::isfinite(told_->lengths[axis]))
        refuse({"box.lengths"}, name_ + " tells no length of the box along " + axis_names[axis] + place() +
                                    "; set box.lengths, and box.from config");
      return told_->lengths[axis];
    }
    if (tells(axis) && !(std::abs(told_->lengths[axis] - given) <= single_rounding * given))
      refuse({"box.lengths"},
             contradiction("box.lengths", axis, to_text(given), to_text(told_->lengths[axis])));
    return given;
  }

  double origin(std::size_t axis, double length) const {
    const bool is_told = tells(axis) && told_->origin.has_value();
    if (!options_.origin || (prefers_file_ && is_told)) return is_told ? (*told_->origin)[axis] : 0.0;
    const double given = (*options_.origin)[static_cast<int>(axis)];
    if (!is_told) return given;
    const double stored = (*told_->origin)[axis];
    if (!(std::abs(stored - given) <= single_rounding * std::max(length, std::abs(given))))
      refuse({"box.origin"}, contradiction("box.origin", axis, to_text(given), to_text(stored)));
    return given;
  }

  Boundary boundary(std::size_t axis) const {
    const auto given = options_.boundary[static_cast<int>(axis)];
    if (told_ == nullptr) return given.value_or(Boundary::periodic);
    if (told_->ends) {
      const Boundary stored = (*told_->ends)[axis];
      if (given && *given != stored && !prefers_file_) contradict_boundary(axis, *given, name_of(stored));
      return stored;
    }
    const StoredBoundary stored = told_->boundary[axis];
    if (stored == StoredBoundary::periodic) {
      if (given && *given != Boundary::periodic && !prefers_file_)
        contradict_boundary(axis, *given, "periodic");
      return Boundary::periodic;
    }
    if (stored == StoredBoundary::untold) return given.value_or(Boundary::periodic);
    if (given && *given == Boundary::periodic) contradict_boundary(axis, *given, "none");
    if (!given)
      refuse({"box.boundary"}, name_ + " says that no particle comes in again along " + axis_names[axis] +
                                   " (box/boundary is none), but not whether there are walls; set "
                                   "box.boundary to reflect or open, or for x and y alone where motion is in "
                                   "the plane");
    return *given;
  }

  [[noreturn]] void contradict_boundary(std::size_t axis, Boundary given, const std::string& stored) const {
    refuse({"box.boundary"}, contradiction("box.boundary", axis, name_of(given), stored));
  }

  std::string place() const { return told_->place.empty() ? "" : " (" + told_->place + ")"; }

  std::string contradiction(const std::string& key, std::size_t axis, const std::string& given,
                            const std::string& stored) const {
    return key + " is " + given + " along " + axis_names[axis] + ", but " + name_ + " has " + stored +
           place() + "; leave " + key +
           " out to take the file's, or set box.from to config if the box is meant to differ";
  }

  const BoxOptions& options_;
  std::string name_;
  bool has_lengths_;
  const StoredBox* told_;  ///< nullptr where it does not matter what the file tells
  bool prefers_file_;
  bool takes_file_;
};

}  // namespace

Box box_of_file(const BoxOptions& options, const std::string& file, const StoredBox* stored) {
  return FileBox(options, file, stored).box();
}

}  // namespace orrery
