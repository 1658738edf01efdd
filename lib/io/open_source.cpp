#include "io/open_source.hpp"

#include <filesystem>

#include "core/error.hpp"
#include "io/csv_source.hpp"
#include "io/h5md_source.hpp"
#include "io/hdf5_read.hpp"

namespace orrery {

std::unique_ptr<ParticleSource> open_file_source(const ParticleOptions& options, int axes,
                                                 std::span<const ParameterColumn> parameters) {
  const auto ending = std::filesystem::path(options.file).extension();
  if (ending == ".csv") return in_id_order(std::make_unique<CsvReader>(options.file, axes, parameters));
  if (ending == ".h5md") return in_id_order(std::make_unique<H5mdReader>(options.file, axes, parameters));
  throw Error(ExitCode::input_data, "cannot tell the format of particles.file '" + options.file +
                                        "'; its name must end in .csv or .h5md");
}

bool tells_species(const std::string& file) {
  if (std::filesystem::path(file).extension() != ".h5md") return false;
  return exists(open_for_reading(file).get(), "/particles/trajectory/species");
}

}  // namespace orrery
