#include "io/open_source.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "core/error.hpp"
#include "core/guard.hpp"
#include "core/input_file.hpp"
#include "io/csv_source.hpp"
#include "io/h5md_source.hpp"
#include "io/start_format.hpp"
#include "io/stored_start.hpp"
#include "io/xyz_source.hpp"

namespace orrery {
namespace {

constexpr std::int64_t rows_at_a_time = 1 << 16;
/// A file that another run writes changes while it is looked at, and may be half written.
constexpr int most_looks = 16;
constexpr std::chrono::milliseconds pause_between_looks(50);

/// Reads all that a source reads.
void read_all(const ParticleOptions& options, int axes, std::span<const ParameterColumn> parameters,
              const SignOfLife& alive) {
  H5mdReader reader(options.file, axes, parameters, options.group, alive);
  allow_memory(reader.reader().working_memory());
  ParticleRows rows(axes, reader.parameters(), 0);
  for (std::int64_t row = 0; row < reader.count(); row += rows_at_a_time)
    reader.read_next(std::min(rows_at_a_time, reader.count() - row), rows);
}

/// Opens a file after a child process has read it. Nothing where it has changed meanwhile, so that what was
/// found in it, good or bad, need not be so any more.
/// @param last_problem  what was found in it then
/// @param is_last  whether a file that only grew is to be taken as it is, where its checksums vouch for it
std::unique_ptr<ParticleSource> look_at_h5md(const ParticleOptions& options, int axes,
                                             std::span<const ParameterColumn> parameters,
                                             const std::string& called, bool is_last,
                                             std::string& last_problem) {
  const FileIdentity before = identity_of_file(options.file);
  try {
    try_in_child(called, [&](const SignOfLife& alive) { read_all(options, axes, parameters, alive); });
    auto reader = std::make_unique<H5mdReader>(options.file, axes, parameters, options.group);
    const FileIdentity now = reader->reader().identity();
    const bool has_grown = now.is_same_file(before) && now.bytes >= before.bytes;
    const bool is_checked = reader->reader().description().has_checksums;
    if (now == before || (is_last && has_grown && is_checked)) return source_of(std::move(reader));
  } catch (const Error& error) {
    if (error.code() != ExitCode::input_data || identity_of_file(options.file) == before) throw;
    last_problem = error.what();
  }
  return nullptr;
}

std::unique_ptr<ParticleSource> open_h5md(const ParticleOptions& options, int axes,
                                          std::span<const ParameterColumn> parameters) {
  const std::string called = "cannot use particles.file '" + options.file + "'";
  std::error_code status;
  if (!std::filesystem::exists(options.file, status))
    throw Error(ExitCode::input_data, called + ": there is no such file");
  check_input_file(options.file, called);
  std::string last_problem = called + ": it changes while it is read";
  for (int look = 1; look <= most_looks; ++look) {
    const bool is_last = look >= most_looks / 2;
    if (auto source = look_at_h5md(options, axes, parameters, called, is_last, last_problem)) return source;
    std::this_thread::sleep_for(pause_between_looks);
  }
  throw Error(ExitCode::input_data,
              last_problem + " (it is being written); wait until its writer is done, or take a copy");
}

}  // namespace

bool is_h5md_name(const std::string& file) {
  return start_format_of(file) == StartFormat::h5md;
}

std::unique_ptr<ParticleSource> open_file_source(const ParticleOptions& options, int axes,
                                                 std::span<const ParameterColumn> parameters) {
  const auto format = start_format_of(options.file);
  if (format == StartFormat::h5md) return open_h5md(options, axes, parameters);
  if (format == StartFormat::table)
    return source_of(std::make_unique<CsvReader>(options.file, axes, parameters));
  if (format == StartFormat::xyz)
    return source_of(std::make_unique<XyzReader>(options.file, axes, parameters));
  throw Error(ExitCode::input_data, "cannot tell the format of particles.file '" + options.file +
                                        "'; its name must end in " + start_endings);
}

std::unique_ptr<RowReader> open_points(const std::string& file) {
  if (start_format_of(file) == StartFormat::xyz) return std::make_unique<XyzReader>(file);
  return std::make_unique<CsvReader>(file);
}

StoredStart read_stored_start(const ParticleOptions& options) {
  const auto format = start_format_of(options.file);
  if (format == StartFormat::h5md) return stored_start_of(options.file, options.group);
  return format == StartFormat::xyz ? XyzReader(options.file).start() : StoredStart{};
}

}  // namespace orrery
