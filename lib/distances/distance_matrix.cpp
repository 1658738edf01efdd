#include "distances/distance_matrix.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "core/even_split.hpp"
#include "core/memory_room.hpp"
#include "core/number_text.hpp"
#include "core/stopwatch.hpp"
#include "distances/matrix_block.hpp"
#include "distances/shared_loop.hpp"
#include "io/byte_file.hpp"

namespace orrery {
namespace {

using Bytes = AlignedVector<std::byte>;

/// What one thread computes before it writes it: stays in the second-level cache.
constexpr std::size_t raw_piece_bytes = std::size_t{1} << 19;
/// What is sent and written at once.
constexpr std::size_t hdf5_piece_bytes = std::size_t{1} << 25;

void refuse_more_than_there_is(const Communicator& ranks, std::size_t bytes) {
  const Communicator node = ranks.same_node();
  auto needed = static_cast<std::int64_t>(bytes);
  node.sum(std::span(&needed, 1));
  ranks.apply([&] {
    const MemoryRoom room = memory_room(node.size());
    if (static_cast<std::uint64_t>(needed) <= room.bytes) return;
    throw Error(ExitCode::internal, "not enough memory: the matrix takes " +
                                        bytes_text(static_cast<double>(needed)) + " on this node and " +
                                        bytes_text(static_cast<double>(room.bytes)) + " are available " +
                                        room.limit +
                                        "; write it to a file (--matrix FILE), use --precision "
                                        "single, or more nodes");
  });
}

double most_over(const Communicator& ranks, double value) {
  ranks.maximum(std::span(&value, 1));
  return value;
}

/// The memory did get the numbers.
template <class Number>
void check_rows(const MatrixFiller& filler, Range rows, const std::byte* numbers, std::size_t stride) {
  constexpr std::int64_t looks = 1000;
  for (std::int64_t look = 0; look < looks && !rows.empty(); ++look) {
    const std::int64_t row = rows.begin + look * rows.size() / looks;
    const std::int64_t column = (look * 7919) % filler.size();
    Number expected{};
    filler.fill({row, row + 1}, {column, column + 1}, reinterpret_cast<std::byte*>(&expected), 1,
                Storing::cached);
    const auto at = static_cast<std::size_t>(row - rows.begin) * stride + static_cast<std::size_t>(column);
    ensure(reinterpret_cast<const Number*>(numbers)[at] == expected, "the matrix is in memory");
  }
}

}  // namespace

std::vector<double> compute_in_memory(const Communicator& ranks, const MatrixSource& source, int repeats) {
  const MatrixFiller filler(source);
  const Range rows = EvenSplit(filler.size(), ranks.size()).part(ranks.rank());
  const Range columns{0, filler.size()};
  constexpr std::size_t line = 16;  // numbers: rows begin on cache lines, in both precisions
  const std::size_t stride = (static_cast<std::size_t>(filler.size()) + line - 1) / line * line;
  const std::size_t bytes = static_cast<std::size_t>(rows.size()) * stride * filler.number_bytes();
  refuse_more_than_there_is(ranks, bytes);

  std::vector<double> seconds;
  Bytes matrix;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    most_over(ranks, 0.0);  // all begin together
    const Stopwatch watch;
    ranks.apply([&] {
      matrix.resize(bytes);
      filler.fill_on_threads(ranks, rows, columns, matrix.data(), stride, Storing::streamed);
    });
    seconds.push_back(most_over(ranks, watch.seconds()));
  }
  ranks.apply([&] {
    if (source.precision == ElementType::float32) {
      check_rows<float>(filler, rows, matrix.data(), stride);
    } else {
      check_rows<double>(filler, rows, matrix.data(), stride);
    }
  });
  return seconds;
}

namespace {

/// Writes a piece where it belongs among whole rows.
void write_piece(const ByteFile& file, const MatrixPiece& piece, std::int64_t size, std::size_t number_bytes,
                 const Bytes& numbers) {
  const auto offset_of = [&](std::int64_t row) {
    return static_cast<std::uint64_t>(row * size + piece.columns.begin) * number_bytes;
  };
  const std::span<const std::byte> all(numbers.data(), piece.numbers() * number_bytes);
  if (piece.columns.size() == size) return file.write_at(offset_of(piece.rows.begin), all);
  const std::size_t row_bytes = static_cast<std::size_t>(piece.columns.size()) * number_bytes;
  for (std::int64_t row = piece.rows.begin; row < piece.rows.end; ++row)
    file.write_at(offset_of(row),
                  all.subspan(static_cast<std::size_t>(row - piece.rows.begin) * row_bytes, row_bytes));
}

}  // namespace

void write_raw_matrix(const Communicator& ranks, const MatrixSource& source, const MatrixOutput& output) {
  const MatrixFiller filler(source);
  const auto pieces = matrix_pieces(filler.size(), filler.number_bytes(), raw_piece_bytes, 1);
  // Only the root's removes the file when something fails.
  std::optional<UnfinishedFile> place;
  std::optional<ByteFile> file;
  ranks.apply([&] {
    if (!ranks.is_root()) return;
    place.emplace(output.option, output.path, output.replacing);
    file.emplace(*place);
    file->reserve(matrix_bytes(filler.size(), source.precision));
  });
  std::string part = place ? place->part_path() : "";
  ranks.push(part);
  ranks.apply([&] {
    if (!ranks.is_root()) file.emplace(output.option, output.path, part);
  });
  ranks.apply([&] {
    std::vector<Bytes> buffers(static_cast<std::size_t>(omp_get_max_threads()));
    on_ranks_and_threads(ranks, std::ssize(pieces), [&](std::int64_t index, int thread) {
      const MatrixPiece& piece = pieces[static_cast<std::size_t>(index)];
      Bytes& numbers = buffers[static_cast<std::size_t>(thread)];
      numbers.resize(piece.numbers() * filler.number_bytes());
      filler.fill(piece.rows, piece.columns, numbers.data(), static_cast<std::size_t>(piece.columns.size()),
                  Storing::cached);
      write_piece(*file, piece, filler.size(), filler.number_bytes(), numbers);
    });
    file->close();
  });
  ranks.apply([&] {
    if (place) place->finish();
  });
}

namespace {

/// Computes and writes the pieces of an HDF5 file: piece k by rank k modulo ranks, each sent to the root,
/// which writes them in order.
class PieceStream {
public:
  PieceStream(const Communicator& ranks, const MatrixFiller& filler, std::vector<MatrixPiece> pieces)
      : ranks_(ranks), filler_(filler), pieces_(std::move(pieces)) {}

  /// On ranks other than the root. Two buffers: one is computed while the other is under way.
  void send() {
    const std::array buffers{std::make_shared<Bytes>(), std::make_shared<Bytes>()};
    std::array<std::optional<Request>, 2> sends;
    std::size_t turn = 0;
    for (std::size_t index = mine_from(ranks_.rank()); index < pieces_.size(); index += step(), turn ^= 1U) {
      finish(sends[turn]);
      compute(pieces_[index], *buffers[turn]);
      sends[turn].emplace(ranks_.start_send(*buffers[turn], 0, Tag::frame, buffers[turn]));
    }
    for (auto& send : sends) finish(send);
  }

  /// On the root. A piece of another rank is on its way while the one before it is written.
  void receive_and_write(MatrixFile& file) {
    std::array<Bytes, 2> buffers;
    std::array<std::optional<Request>, 2> receives;
    for (std::size_t index = 0; index < pieces_.size(); ++index) {
      if (index == 0) start_receive(0, buffers[0], receives[0]);
      const std::size_t turn = index % 2;
      start_receive(index + 1, buffers[turn ^ 1U], receives[turn ^ 1U]);
      if (owner(index) == 0) compute(pieces_[index], buffers[turn]);
      finish(receives[turn]);
      file.write_tile(pieces_[index].rows, pieces_[index].columns, buffers[turn].data());
    }
  }

private:
  std::size_t step() const { return static_cast<std::size_t>(ranks_.size()); }
  static std::size_t mine_from(int rank) { return static_cast<std::size_t>(rank); }
  int owner(std::size_t index) const { return static_cast<int>(index % step()); }

  void compute(const MatrixPiece& piece, Bytes& numbers) const {
    numbers.resize(piece.numbers() * filler_.number_bytes());
    filler_.fill_on_threads(ranks_, piece.rows, piece.columns, numbers.data(),
                            static_cast<std::size_t>(piece.columns.size()), Storing::cached);
  }

  void start_receive(std::size_t index, Bytes& numbers, std::optional<Request>& receive) const {
    if (index >= pieces_.size() || owner(index) == 0) return;
    numbers.resize(pieces_[index].numbers() * filler_.number_bytes());
    receive.emplace(ranks_.start_receive(numbers, owner(index), Tag::frame));
  }

  void finish(std::optional<Request>& request) const {
    if (!request) return;
    ranks_.wait_until([&] { return request->done(); });
    request.reset();
  }

  const Communicator& ranks_;
  const MatrixFiller& filler_;
  std::vector<MatrixPiece> pieces_;
};

}  // namespace

void write_hdf5_matrix(const Communicator& ranks, const MatrixSource& source, const MatrixOutput& output,
                       MatrixLayout layout,
                       const std::vector<std::pair<std::string, std::string>>& attributes) {
  const MatrixFiller filler(source);
  const std::int64_t unit = layout == MatrixLayout::chunked ? matrix_chunk : 1;
  PieceStream stream(ranks, filler,
                     matrix_pieces(filler.size(), filler.number_bytes(), hdf5_piece_bytes, unit));
  std::optional<UnfinishedFile> place;
  std::optional<MatrixFile> file;
  ranks.apply([&] {
    if (!ranks.is_root()) return;
    place.emplace(output.option, output.path, output.replacing);
    file.emplace(*place, MatrixDescription{.name = "distances",
                                           .size = filler.size(),
                                           .type = source.precision,
                                           .layout = layout,
                                           .attributes = attributes,
                                           .points = source.points.interleaved()});
  });
  ranks.apply([&] {
    if (file) {
      stream.receive_and_write(*file);
      file->close();
      place->finish();
    } else {
      stream.send();
    }
  });
}

}  // namespace orrery
