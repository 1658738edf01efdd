/// Positions and velocities as rows of a frame, in the precision of the file.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/error.hpp"
#include "core/types.hpp"
#include "io/frame_layout.hpp"
#include "laws/columns.hpp"
#include "particles/box.hpp"

namespace orrery {

/// Writes `count` rows of a sample, from its row `skip` on.
/// @param fields  of positions and of velocities, shape (count, 3) each
/// @return whether all numbers are finite in the file's precision
bool write_sample(const Sample& sample, std::size_t skip, std::size_t count, ElementType type,
                  std::array<std::byte*, 2> fields);

/// The least and the greatest coordinate in single precision that lie in a box, for each axis; infinite along
/// open ones.
struct SingleBounds {
  std::array<float, 3> low{}, high{};
};

/// Periodic axes reach from the lower end to just below the upper one, walls belong to the box.
SingleBounds single_bounds(const Box& box);

/// Puts positions back into the box that rounding to single precision has taken out of it.
/// @param rows  shape (count, 3), in single precision
void keep_within(const SingleBounds& bounds, std::size_t count, std::byte* rows);

/// The first of `count` rows with a number that the file's precision cannot hold. @pre there is one
std::size_t first_beyond_range(std::size_t count, ElementType type, std::span<std::byte* const> fields);

/// What to say of such a particle.
Error beyond_range(ParticleId id, std::int64_t step, ElementType type);

}  // namespace orrery
