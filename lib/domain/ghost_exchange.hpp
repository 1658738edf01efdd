/// Particles of other ranks, and of other periods of the box, that are near a rank's own: ghosts and images.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "comm/communicator.hpp"
#include "domain/image_shifts.hpp"
#include "shortrange/cell_grid.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Images of a rank's own particles for itself: all, or of every two that are shifted by opposite periods
/// one, which is mirrored (see `PairRows`).
enum class OwnImages { all, mirrored };

/// What travels at every step.
enum class GhostContents { positions, positions_and_displacements };

/// What this rank did in all exchanges so far, added up.
struct ExchangeCounts {
  std::int64_t exchanges = 0;  ///< the same on all ranks
  std::int64_t peers = 0;      ///< ranks that it exchanges ghosts with
  std::int64_t messages = 0;   ///< that it sent
  std::int64_t bytes = 0;      ///< that it sent
  std::int64_t ghosts = 0;     ///< that it received
  std::int64_t set_ups = 0;    ///< how often ghosts were chosen
  std::int64_t tests = 0;      ///< of an own particle against the box of a rank, at all of these
};

/// Which ghosts each rank needs, and their exchange at every step. A ghost is a particle of another rank,
/// shifted by periods of the box or not; an image is an own particle that is shifted. Every rank tells all
/// others the box around its particles. Ranks whose boxes are within reach of each other, shifted or not, are
/// peers; own particles are tested against the boxes of peers only, and each is sent to those that it is
/// near. So it does not matter how particles are spread over ranks: peers may be any number of regions away,
/// and the box as small as two cut-offs. What is kept is in proportion to ghosts and peers; the table of all
/// boxes, 48 bytes for each rank, goes when ghosts are chosen.
///
/// Coordinates of images are those of their particle plus whole periods, exactly: positions are multiples of
/// a power of two, and so are periods.
class GhostExchange {
public:
  /// @param threads  that share local work
  explicit GhostExchange(const Communicator& ranks, int threads = 1) : ranks_(ranks), threads_(threads) {}

  /// Chooses ghosts and images, which have no positions yet. Collective.
  /// @param rows   own particles; gets room for both
  /// @param reach  of the lists that will be built [length]
  /// @param own    whether this rank's own images are half as many, and mirrored
  void set_up(PairRows& rows, const Periods& periods, double reach, OwnImages own = OwnImages::all,
              GhostContents contents = GhostContents::positions);

  /// Brings ghosts and images to where their particles are: `start` and `finish`.
  void update(PairRows& rows, double* displacement = nullptr);

  /// Begins to receive what the next `start` brings, so that it is put in place as soon as peers send it.
  /// Local.
  void post_receives();
  /// Takes that back, where `set_up` or the end comes next. Local. @pre no rank has called `start` meanwhile
  void cancel_receives();

  /// Begins to bring ghosts and images to where their particles are by now: images are there on return, and
  /// ghosts (`PairRows::remote`) when `test` says so. Every rank calls it equally often.
  /// @param rows          stay what they are until `finish`
  /// @param displacement  with `positions_and_displacements`, of all rows, of which those of ghosts and
  /// images
  ///   are set: they are not shifted. [length], shape (first image + images, 4)
  void start(PairRows& rows, double* displacement = nullptr);
  /// Whether all ghosts are there that `start` began to bring. Local, does not wait, and lets messages make
  /// progress, those to other ranks too. What goes wrong counts as there, and is thrown by `finish`.
  bool test() noexcept;
  /// Waits until all ghosts are there. Local.
  void wait_ready() noexcept;
  /// Waits for the messages to other ranks too, and throws what went wrong. Every rank calls it, whatever
  /// happened in between.
  void finish();

  const ExchangeCounts& counts() const { return counts_; }
  std::size_t bytes() const;

private:
  /// Own particles as ghosts or images, all shifted by the same periods.
  struct Shifted {
    std::array<double, 3> shift{};
    std::vector<std::int32_t> rows;
  };
  struct Peer {
    int rank = 0;
    std::vector<Shifted> outgoing;
    std::int64_t outgoing_count = 0;
    std::int64_t incoming_count = 0;
    std::size_t first_row = 0;  ///< of those that come from there
    /// Coordinates, and displacements if they are wanted, shape (count, 3 or 6).
    std::shared_ptr<AlignedVector<double>> to_send = std::make_shared<AlignedVector<double>>();
    AlignedVector<double> received;
    RepeatedMessage send, receive;  ///< of these
  };

  void choose(const PairRows& rows, const Periods& periods, double reach, OwnImages own);
  Peer chosen_for(int rank, const Bounds& there, std::size_t first, const PairRows& rows,
                  const Periods& periods, double reach2);
  void exchange_counts();
  void choose_for(const Bounds& there, bool is_own, std::size_t first, const PairRows& rows,
                  const Periods& periods, double reach2);
  /// Of those that were chosen last, all that are shifted in one way, in order.
  std::vector<std::int32_t> chosen(std::size_t number) const;
  void set_up_messages(std::size_t numbers);
  static const double* put(const double* from, double* row);
  void pack(Peer& peer) const;
  void unpack(const Peer& peer) const;
  void write_own_images() const;
  void count();

  /// Rows by their shift, in order.
  using Chosen = std::vector<std::vector<std::int32_t>>;

  const Communicator& ranks_;
  int threads_;
  std::vector<Chosen> chosen_;  ///< for one peer, by each thread
  std::vector<Peer> peers_;
  PairRows* rows_ = nullptr;  ///< whose ghosts are under way
  double* displacement_ = nullptr;
  bool are_posted_ = false;     ///< receives, ahead of `start`
  std::size_t to_unpack_ = 0;   ///< peers, from the first on, whose ghosts have not come
  std::size_t to_be_sent_ = 0;  ///< peers, likewise, to which ghosts are under way
  std::exception_ptr failure_;  ///< of messages
  Peer own_;
  ExchangeCounts counts_;
};

}  // namespace orrery
