#include "particles/particle_options.hpp"

#include "core/number_text.hpp"

namespace orrery {

void ParticleOptions::describe(OptionSet& options) {
  constexpr std::uint64_t most_particles = std::uint64_t{1} << 48;
  options.add_choice("particles.source", source,
                     {{"uniform", SourceKind::uniform}, {"file", SourceKind::file}},
                     {"where the particles come from: drawn at random, or read from particles.file"});
  options.add("particles.file", file,
              {"CSV with columns x, y, those of the law (speed for rotation) and perhaps id; or an H5MD "
               "file, whose last frame is read"});
  options.add("particles.count", count, 0, most_particles, {"how many particles to draw"});
  options.add("particles.seed", seed, 0, std::numeric_limits<std::uint64_t>::max(),
              {"seed of the random numbers"});
  options.add("particles.low", low, true, {"least position drawn, per axis", "length"});
  options.add("particles.high", high, true, {"greatest position drawn, per axis", "length"});
  for (auto& range : ranges) {
    options.add(range.low_key(), range.low, {}, {"least drawn " + range.description});
    options.add(range.high_key(), range.high, {}, {"greatest drawn " + range.description});
  }
}

void ParticleOptions::validate() const {
  for (std::size_t axis = 0; axis < low.size(); ++axis) {
    if (low[axis] > high[axis]) {
      throw OptionConflict({"particles.low", "particles.high"},
                           "particles.low " + to_text(low[axis]) + " is above particles.high " +
                               to_text(high[axis]) + " (no position lies between them); exchange the two");
    }
  }
  for (const auto& range : ranges) {
    if (range.low > range.high) {
      throw OptionConflict({range.low_key(), range.high_key()},
                           range.low_key() + " " + to_text(range.low) + " is above " + range.high_key() +
                               " " + to_text(range.high) + " (no value lies between them); exchange the two");
    }
  }
  if (source == SourceKind::file && file.empty()) {
    throw OptionConflict(
        {"particles.source", "particles.file"},
        "particles.source is file but particles.file is not set; name a *.csv or *.h5md file");
  }
}

}  // namespace orrery
