# Everything is built in release mode: SIMD loops measured 2500 times slower without it, and the
# tests train networks.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build demo test test-kill test-xla format lint clean toolchain

comma := ,
# One set of flags for everything, for a build with other flags starts over. The tool and the tests
# are built by name: a build of all targets compiles the documentation tools of our dependencies.
FLAGS := -c release --traits default,MPI -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error
swift := . Scripts/environment && swift
build_tool := $(swift) build $(FLAGS) --product adabatch
build_demo := $(swift) build $(FLAGS) --product demo
build_tests := $(swift) build $(FLAGS) --product adabatchPackageTests
# For accelerators alone: another set of traits is another build of everything.
build_bare := $(swift) build $(subst --traits default$(comma)MPI,--disable-default-traits,$(FLAGS)) \
  --scratch-path .build-bare --product adabatch

# --skip-build: `swift test` builds with testability, so everything again; our tests see `package`
# declarations. --no-parallel: tests execute oneDNN programs, whose threads take all cores; two at
# once are many times slower than one after the other. All our tests are Swift Testing's.
run_tests := $(swift) test $(FLAGS) --skip-build --no-parallel --disable-xctest

sources := $(wildcard Package.swift Sources Tests Plugins Examples Benchmarks)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 \t/p' $(MAKEFILE_LIST) | expand -t 19

setup: toolchain ## install what is missing: oneDNN in .deps, Swift packages in .build
	@Scripts/setup

build: setup ## build the tool in release mode
	@$(build_tool)
	@echo "built: .build/release/adabatch"

demo: setup ## train a small network in three ways and compare them
	@$(build_demo)
	@.build/release/demo

test: toolchain ## build and run all tests; FILTER=name runs those that match
	@Scripts/parts set-up='Scripts/setup && Scripts/setup-tests' imports='Scripts/check-imports' \
	  build='$(build_tool) && $(build_tests)' \
	  tests='$(run_tests) $(if $(FILTER),--filter "$(FILTER)")'

test-kill: toolchain ## kill short runs 300 times with kill -9, and compare the bits they end in
	@Scripts/parts set-up='Scripts/setup' build='$(build_tool) && $(build_tests)' \
	  tests='export KILLS=300 && $(run_tests) --filter KillTests'

test-xla: toolchain ## run the accelerators' programs with jaxlib, and compile them for a GPU
	@Scripts/parts set-up='Scripts/setup && Scripts/setup-xla' \
	  build='$(build_tool) && $(build_tests) && $(build_bare)' \
	  tests='export BARE_ADABATCH=$$PWD/.build-bare/release/adabatch \
	    XLA_PYTHON=$$PWD/.deps/xla/bin/python \
	    XLA_PLUGIN=$$(echo $$PWD/.deps/xla/lib/python3.*/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so) && \
	    $(run_tests) --filter "ConformanceTests|DeviceTests|BareToolTests"'

format: toolchain ## format the sources in place
	@swift format --in-place --recursive --parallel $(sources)

lint: toolchain ## check the format of the sources
	@swift format lint --strict --recursive --parallel $(sources)

clean: ## remove what was built; what set-up installed stays in .deps
	rm -rf .build .build-bare

toolchain:
	@command -v swift >/dev/null || { echo "no Swift toolchain on PATH:" \
	  "get Swift 6.1 or newer from https://www.swift.org/install" >&2; exit 69; }
