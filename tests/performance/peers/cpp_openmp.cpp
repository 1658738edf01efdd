/// Plain C++ and OpenMP: blocks of a structure of arrays over threads, steps inside, vectors innermost.
#include <algorithm>
#include <array>
#include <cmath>

constexpr long block_size = 128;  // particles; from 32 to 512 it makes no difference

static void evolve_block(double* x, double* y, const double* speed, double dt, long steps, long count) {
  std::array<double, block_size> block_x, block_y, displacement;
  for (long i = 0; i < count; ++i) {
    block_x[i] = x[i];
    block_y[i] = y[i];
    displacement[i] = speed[i] * dt;
  }
  for (long step = 0; step < steps; ++step) {
#pragma omp simd
    for (long i = 0; i < count; ++i) {
      const double turn = displacement[i] / std::sqrt(block_x[i] * block_x[i] + block_y[i] * block_y[i]);
      const double next_x = block_x[i] - block_y[i] * turn;
      block_y[i] += block_x[i] * turn;
      block_x[i] = next_x;
    }
  }
  std::copy_n(block_x.begin(), count, x);
  std::copy_n(block_y.begin(), count, y);
}

extern "C" void evolve(double* x, double* y, const double* speed, long count, double dt, long steps,
                       int threads) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (long begin = 0; begin < count; begin += block_size) {
    evolve_block(x + begin, y + begin, speed + begin, dt, steps, std::min(block_size, count - begin));
  }
}
