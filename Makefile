# Two commands matter: `make demo` and `make check`.  Each does all set-up that is missing,
# builds, and then runs the main job, or all tests.  What they do is in tools/.
MINUTES ?= 1

.PHONY: all demo check bench laws fuzz prove setup clean
all: setup
	@tools/build build

demo:
	@tools/setup demo
	@tools/build build
	@demo/run

check:
	@tools/setup check
	@tools/build build-asan
	@tools/build build
	@tools/check

bench:
	@tools/setup demo
	@tools/build build
	@tools/each bench

laws fuzz prove: setup
	@tools/each $@ $(MINUTES)

setup:
	@tools/setup build

clean:
	rm -rf build build-asan
