/// What a thread does for its share of the particles, while ghosts are on their way.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "core/types.hpp"
#include "shortrange/neighbour_lists.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Ghosts whose positions are on their way (`PairRows::remote`). Both functions are called by the thread
/// that computes the forces with others, and by no other; they must not throw.
struct GhostsUnderWay {
  std::function<bool()> test;  ///< looks, and lets messages make progress, those of other ranks too
  std::function<void()> wait_ready;
};

/// Tells all threads when ghosts have come, which the calling one alone may find out.
class GhostArrival {
public:
  /// @param prepare  what the calling thread does with ghosts before it tells the others of them
  explicit GhostArrival(const GhostsUnderWay& ghosts, std::function<void()> prepare = {})
      : ghosts_(ghosts), prepare_(std::move(prepare)) {}

  /// Whether they have. By the calling thread, even after they have: others may wait for what this rank
  /// sends.
  bool look();
  void wait_for_ghosts();
  /// By any other thread.
  bool is_told() const { return has_come_; }
  void wait_ready() const { has_come_.wait(false); }

private:
  void tell();

  const GhostsUnderWay& ghosts_;
  std::function<void()> prepare_;
  std::atomic<bool> has_come_{false};
};

class ShareWork {
public:
  /// Computes the forces on some particles, and what else is wanted.
  using Kernel = std::function<PairTotals(const NeighbourSlice&)>;

  ShareWork(const Kernel& kernel, const NeighbourLists& lists, std::size_t share)
      : kernel_(kernel), lists_(lists), share_(share) {}

  PairTotals compute();

  /// While ghosts are under way, the interior; and once they are there all that is left, in the order of
  /// memory.
  PairTotals compute_as_ghosts_come(GhostArrival& arrival);

private:
  std::int64_t compute_interior(GhostArrival& arrival);
  void compute(Range particles);
  bool has_come(GhostArrival& arrival);
  /// The first share is the calling thread's, and what it begins with.
  bool is_calling() const { return share_ == 0; }

  const Kernel& kernel_;
  const NeighbourLists& lists_;
  std::size_t share_;
  PairTotals totals_;
  std::int64_t since_look_ = 0;
};

/// Runs a kernel over all shares of the lists, a thread for each, and sets the forces on all owned particles.
/// @param arrival  null: all images are there
PairTotals sum_over_shares(PairRows& rows, const NeighbourLists& lists, const ShareWork::Kernel& kernel,
                           GhostArrival* arrival);

}  // namespace orrery
