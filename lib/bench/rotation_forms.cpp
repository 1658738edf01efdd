#include "bench/rotation_forms.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "integrators/independent_kernels.hpp"

namespace orrery {

bool RotationForm::is_closed() const {
  const RotationLaw rotation({.method = method});
  const auto index = static_cast<std::size_t>(rotation.method_index());
  return independent_kernels(rotation.name()).methods.at(index).is_closed_form;
}

std::vector<std::string> rotation_form_names() {
  std::vector<std::string> names;
  names.reserve(rotation_forms.size());
  for (const auto& form : rotation_forms) names.push_back(form.name());
  return names;
}

const RotationForm& rotation_form(const std::string& name) {
  const auto* const match = std::find_if(rotation_forms.begin(), rotation_forms.end(),
                                         [&name](const auto& form) { return form.name() == name; });
  ensure(match != rotation_forms.end(), "the form is in the table");
  return *match;
}

}  // namespace orrery
