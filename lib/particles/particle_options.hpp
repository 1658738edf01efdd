/// Which particles a run begins with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "particles/lattice.hpp"

namespace orrery {

enum class SourceKind {
  uniform,  ///< drawn at random, each coordinate and parameter uniform in its range
  file,     ///< read from CSV or H5MD
  lattice,  ///< on a lattice that fills the box
  random,   ///< drawn at random in the box, no two nearer than a distance
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

/// What becomes of the momentum of particles from a file.
enum class StartMomentum { keep, zero };

struct ParticleOptions {
  SourceKind source = SourceKind::uniform;
  std::string file;             ///< *.csv or *.h5md, for `SourceKind::file`
  std::string group;            ///< of particles in an H5MD file; empty: the only one
  std::uint64_t count = 10000;  ///< for `SourceKind::uniform` and `random`
  std::uint64_t seed = 1;
  Vec2 low{-1.0, -1.0};                ///< least position along x and y [length]
  Vec2 high{1.0, 1.0};                 ///< greatest position along x and y [length]
  std::vector<ParameterRange> ranges;  ///< of every parameter that some law needs

  Lattice lattice = Lattice::fcc;
  PerAxis<std::uint64_t> cells = PerAxis<std::uint64_t>::all(10);  ///< unit cells of the lattice
  double density = 0.0;       ///< of a lattice: particles in a unit of area or volume; 0: from the box
  double min_distance = 0.0;  ///< between any two particles, for `SourceKind::random` [length]
  double temperature = 0.0;   ///< of the velocities of `lattice` and `random` [energy]; 0: at rest

  StartMomentum momentum = StartMomentum::keep;  ///< of `file`, under a law of pairs

  void describe(OptionSet& options);

  /// Keys that have no effect with the present source.
  std::vector<std::string> idle_keys() const;

  /// @throws OptionConflict
  void validate() const;

private:
  void check_cells() const;
};

}  // namespace orrery
