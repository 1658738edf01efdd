/// Which instruction sets vector code is compiled for. Comes before any other header of the vector library.
#pragma once

// SVE and RISC-V registers have no size known at compile time and cannot be kept in structs and arrays; Arm
// runs the NEON form.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
