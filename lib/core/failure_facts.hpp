/// What a failure is about, beside its words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/error.hpp"

namespace orrery {

enum class FailureKind : int {
  begins_outside,       ///< of the box, or of the range of coordinates
  begins_too_fast,      ///< for the time step
  begins_at_one_place,  ///< as another particle
  mass_out_of_range,    ///< no force moves the particle in range of double precision
  moved_too_far,        ///< in one step
  left_box,             ///< through a wall
  left_range,           ///< of coordinates
  force_out_of_range,   ///< of two particles
  lost,                 ///< no rank has the particle
  duplicated,           ///< it is there more than once
};

/// Sent between ranks as its bytes.
struct FailureFacts {
  FailureKind kind = FailureKind::lost;
  std::int64_t step = -1;                         ///< -1: before the first
  std::array<std::int64_t, 2> particles{-1, -1};  ///< global indices; -1: there is none, or it is not known
  std::array<std::uint64_t, 2> ids{};             ///< of these, once `has_ids`
  bool has_ids = false;
  std::array<double, 3> place{};  ///< of the first particle, as a file counts it [length]

  bool operator==(const FailureFacts&) const = default;
};

/// Stand for the names of particles in the words of a failure, until it is known what these are called.
inline constexpr std::array<const char*, 2> particle_slots{"{particle}", "{other particle}"};

/// The words with the names that the facts have: "particle 17" by id, or by global index "particle #3".
std::string with_names(std::string words, const FailureFacts& facts);

/// A failure that tells what it is about. Its words have `particle_slots`; `what` has names by global index.
class FactualError : public Error {
public:
  FactualError(ExitCode code, std::string words, const FailureFacts& facts);

  const std::string& words() const { return words_; }
  const FailureFacts& facts() const { return facts_; }

private:
  std::string words_;
  FailureFacts facts_;
};

}  // namespace orrery
