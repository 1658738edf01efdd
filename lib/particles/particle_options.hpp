/// Which particles a run begins with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/option_set.hpp"

namespace orrery {

enum class SourceKind {
  uniform,  ///< drawn at random, each coordinate and parameter uniform in its range
  file,     ///< read from CSV or H5MD
};

/// The range from which a parameter of particles is drawn, such as their speed.
struct ParameterRange {
  std::string name;         ///< of the parameter; options are particles.<name>-low and -high
  std::string description;  ///< for help texts
  double low = -1.0;
  double high = 1.0;

  std::string low_key() const { return "particles." + name + "-low"; }
  std::string high_key() const { return "particles." + name + "-high"; }
};

struct ParticleOptions {
  SourceKind source = SourceKind::uniform;
  std::string file;             ///< *.csv or *.h5md, for `SourceKind::file`
  std::uint64_t count = 10000;  ///< for `SourceKind::uniform`
  std::uint64_t seed = 1;
  Vec2 low{-1.0, -1.0};                ///< least position along x and y [length]
  Vec2 high{1.0, 1.0};                 ///< greatest position along x and y [length]
  std::vector<ParameterRange> ranges;  ///< of every parameter that some law needs

  void describe(OptionSet& options);

  /// @throws OptionConflict
  void validate() const;
};

}  // namespace orrery
