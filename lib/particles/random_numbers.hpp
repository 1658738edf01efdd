/// Random numbers as pure functions of seed, purpose and id, so that it does not matter which rank draws
/// them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "particles/uniform_kernel.hpp"

namespace orrery {

/// What random numbers are for, a part of their stream's name. Numbers for different purposes never meet.
enum class Purpose : std::uint32_t {
  initial_state = 1,     ///< positions and parameters drawn in their ranges
  random_position = 2,   ///< positions tried one after the other
  initial_velocity = 3,  ///< velocities at a temperature
  thermostat = 4,        ///< the noise of every step
  species = 5,           ///< which species each particle is of
  sweep_seed = 0x7377,   ///< seeds of the members of a sweep ("sw")
  pi_sample = 0x7069,    ///< points of `orrery pi`, which are no particles ("pi" in ASCII)
};

/// 128 random bits, a pure function of stream and id. The seed is the key and the rest the counter: adding
/// seed and id would give neighbouring seeds shifted copies of the same numbers.
std::array<std::uint64_t, 2> random_bits(const RandomStream& stream, std::uint64_t id);

/// A number in [low, high] from 64 random bits: its 53 leading bits as a fraction of the way from low to
/// high. From 0, it stays below `high`.
double uniform_number(std::uint64_t bits, double low, double high);

/// Draws two numbers for each of the ids [first_id, first_id + count), by vectors as far as they reach.
void draw_uniform(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                  const UniformColumn& first, const UniformColumn& second);

}  // namespace orrery
