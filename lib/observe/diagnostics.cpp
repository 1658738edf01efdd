#include "observe/diagnostics.hpp"

#include <algorithm>

namespace orrery {

std::vector<double> diagnostics_of(const IndependentLaw& law, std::span<const QuantityTotals> totals,
                                   std::int64_t particle_count, const Communicator& ranks) {
  std::vector<double> least;
  std::vector<double> most;
  std::vector<std::int64_t> digits;
  for (const auto& total : totals) {
    least.push_back(total.least);
    most.push_back(total.most);
    const auto own = total.sum.digits();
    digits.insert(digits.end(), own.begin(), own.end());
  }
  ranks.minimum(least);
  ranks.maximum(most);
  ranks.sum(digits);  // whole numbers: the order in which ranks are added cannot show

  std::vector<double> values;
  for (const auto& diagnostic : law.diagnostics()) {
    const auto quantity = static_cast<std::size_t>(diagnostic.quantity);
    double value = 0.0;
    if (particle_count > 0) {
      switch (diagnostic.reduction) {
        case Reduction::least:
          value = least[quantity];
          break;
        case Reduction::most:
          value = most[quantity];
          break;
        case Reduction::mean: {
          const auto own =
              std::span(digits).subspan(quantity * ExactSum::digit_count).first<ExactSum::digit_count>();
          value = ExactSum::from_digits(own).value() / static_cast<double>(particle_count);
          break;
        }
      }
    }
    values.push_back(value);
  }
  return values;
}

}  // namespace orrery
