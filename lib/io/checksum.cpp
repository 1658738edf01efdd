#include "io/checksum.hpp"

#include <xxhash.h>

#include <bit>
#include <cerrno>
#include <fstream>
#include <vector>

#include "core/error.hpp"

namespace orrery {

static_assert(std::endian::native == std::endian::little, "checksums are of numbers as the file has them");

struct Checksum::State {
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> hash{XXH3_createState()};
};

Checksum::Checksum() : state_(std::make_unique<State>()) {
  ensure(state_->hash != nullptr, "memory for a checksum");
  reset();
}

Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

void Checksum::add(std::span<const std::byte> bytes) {
  if (!bytes.empty()) XXH3_64bits_update(state_->hash.get(), bytes.data(), bytes.size());
}

std::uint64_t Checksum::value() const {
  return XXH3_64bits_digest(state_->hash.get());
}

void Checksum::reset() {
  XXH3_64bits_reset(state_->hash.get());
}

std::uint64_t checksum_of(const FrameNumbers& numbers) {
  Checksum sum;
  sum.add(std::as_bytes(std::span(&numbers.step, 1)));
  sum.add(std::as_bytes(std::span(&numbers.time, 1)));
  sum.add(std::as_bytes(std::span(numbers.edges)));
  sum.add(std::as_bytes(numbers.diagnostics));
  return sum.value();
}

std::uint64_t checksum_of(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

std::uint64_t checksum_of_file(const std::string& path) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  Checksum sum;
  std::vector<char> piece(std::size_t{1} << 16);
  while (stream) {
    stream.read(piece.data(), std::ssize(piece));
    sum.add(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(stream.gcount()))));
  }
  if (!stream.eof() || stream.bad())
    throw Error(ExitCode::input_data, "cannot read '" + path + "': " + system_message(errno));
  return sum.value();
}

}  // namespace orrery
