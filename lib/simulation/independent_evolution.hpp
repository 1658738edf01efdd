/// Particles that do not act on each other: every rank moves its own.
#pragma once

#include <optional>

#include "integrators/independent_motion.hpp"
#include "laws/law.hpp"
#include "observe/bookkeeping.hpp"
#include "particles/particle_store.hpp"
#include "simulation/evolution.hpp"

namespace orrery {

class IndependentEvolution final : public Evolution {
public:
  /// `particles`, `law`, `ranks` and `books` must outlive this object. Local.
  /// @param step         time step [time]
  /// @param frame_count  frames that will come
  IndependentEvolution(const Communicator& ranks, const IndependentLaw& law, double step,
                       ParticleStore& particles, std::int64_t particle_count, std::int64_t frame_count,
                       Bookkeeping& books);

  BoxInFile box() const override;
  void begin() override;
  std::vector<std::pair<std::string, std::int64_t>> count_forms() override;
  Advance evolve(Range steps, const StopRequest& stop, const Meanwhile& meanwhile) override;
  void prepare_frame(ImagesInFile) override {}
  std::vector<double> measure(std::int64_t step, const Meanwhile& meanwhile) override;

  void pack_constant(Range rows, std::span<std::byte* const> fields) const override;
  FrameGather::Pack hold(std::int64_t step, bool stays, ElementType type) override;

  /// Bytes per particle that frames between the first and the last take beside `ParticleStore`.
  static std::uint64_t bytes_per_particle(int axes, std::int64_t frame_count);

private:
  void pack_frame(const Snapshot* snapshot, std::int64_t step, ElementType type, Range rows,
                  std::span<std::byte* const> fields) const;
  void make_room_for_snapshot();
  std::int64_t steps_of_leg(Range steps) const;

  const Communicator& ranks_;
  const IndependentLaw& law_;
  ParticleStore& particles_;
  std::int64_t particle_count_;
  Bookkeeping& books_;
  IndependentMotion motion_;
  std::optional<Snapshot> snapshot_;
};

}  // namespace orrery
