/// Checksums of what a trajectory holds, so that a flipped bit can be found.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "io/frame_layout.hpp"

namespace orrery {

/// What files call the algorithm: the 64-bit hash of Yann Collet's XXH3, seed 0.
inline constexpr std::string_view checksum_algorithm = "XXH3-64";

/// The checksum of bytes that come in pieces; how they are cut does not show. Local.
class Checksum {
public:
  Checksum();
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  void add(std::span<const std::byte> bytes);
  /// Of all bytes so far, which may be none.
  std::uint64_t value() const;
  /// Begins anew.
  void reset();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Of a frame's single numbers, little-endian and one after the other.
struct FrameNumbers {
  std::int64_t step = 0;
  double time = 0.0;
  std::array<double, 9> edges{};          ///< of the box
  std::span<const double> diagnostics{};  ///< in the order of their names, which is that of a listing
};
std::uint64_t checksum_of(const FrameNumbers& numbers);

/// Of a text's bytes.
std::uint64_t checksum_of(std::string_view text);

/// Of a file's bytes. @throws Error (input_data)
std::uint64_t checksum_of_file(const std::string& path);

}  // namespace orrery
