# On Debian 12 with a Swift toolchain, `make run` serves and `make test` tests; both install what is missing.
SWIFT ?= swift

.DEFAULT_GOAL := help
.PHONY: help deps build static run test format lint ci image image-proof bench survival fuzz asan tsan

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## install the Debian packages that are missing
	@deploy/install-packages deploy/build-packages deploy/lab-packages

build: deps ## build the programs into .build/release
	$(SWIFT) build -c release

static: deps ## build them with Swift's runtime inside, into .build/static/release
	$(SWIFT) build -c release --scratch-path .build/static --static-swift-stdlib

run: build ## serve on port 8080
	.build/release/emotion-server

# No test asks for @testable, so they share the programs' objects and nothing is compiled twice.
test: deps ## run every test
	$(SWIFT) test -c release --disable-testable-imports

format: ## format the sources
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

lint: ## check the sources' format
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

ci: ## everything that is checked before a change is taken
	.ci/run

image: ## build the container image speech-emotion
	docker build --tag speech-emotion .

image-proof: ## run the image's contents in a fresh Debian system, without Docker (root, debootstrap)
	deploy/prove-image

bench: build ## compare with the usual stack (see Benchmarks/README.md)
	Benchmarks/run

survival: build ## try to bring the server down, for hours (wrk, haproxy, nginx-light, opus-tools, faketime; Benchmarks/survival/run --help)
	Benchmarks/survival/run

fuzz: deps ## fuzz everything that reads strangers' bytes, ten minutes each
	Tests/Fuzzing/run

# Trials of the server under a sanitizer. Sanitizers are slow, so no times are measured.
load = Benchmarks/survival/run --quick --sanitized --seconds 20 --mutants 300 --requests 1500 --reloads 10 \
	--only mutated_files overload slow_clients stop_while_busy reload_under_load many_requests balanced

# OpenBLAS, libmicrohttpd and GnuTLS are not instrumented. A leak shows in the survival trials, as memory that grows.
# Optimised, or the tests that train take very long.
sanitized = $(SWIFT) test -c release --disable-testable-imports

asan: export ASAN_OPTIONS = detect_leaks=0
asan: deps ## run every test, and the server under load, with AddressSanitizer
	$(sanitized) --sanitize address --scratch-path .build/asan
	$(load) --program .build/asan/release/emotion-server

tsan: export OPENBLAS_NUM_THREADS = 1
tsan: export TSAN_OPTIONS = suppressions=$(CURDIR)/Tests/thread-sanitizer.txt
tsan: deps ## run every test, and the server under load, with ThreadSanitizer
	$(sanitized) --sanitize thread --scratch-path .build/tsan
	$(load) --program .build/tsan/release/emotion-server
