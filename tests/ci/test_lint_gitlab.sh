#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The GitLab template and the component keep to GitLab's schema and say the same.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
# shellcheck source=tests/ci/common.sh
. "$SG_ROOT/tests/ci/common.sh"

GITLAB=$SG_ROOT/ci-templates/gitlab

# gitlab-ci-local includes what git knows.
cp -r "$GITLAB/templates" "$GITLAB"/*.gitlab-ci.yml .
git init -q -b main .
git remote add origin https://gitlab.example/group/shop.git
git add templates ./*.gitlab-ci.yml
git -c user.name=test -c user.email=test@example.org commit -q -m templates

# What a pipeline file comes to, with all that it includes.
render() { # CODE NAME TEXT
    local code=0
    printf '%s\n' "$3" >"$2.in.yml"
    gitlab-ci-local --preview --file "$2.in.yml" >"$2.yml" 2>.err || code=$?
    if ((code != $1)); then fail "gitlab-ci-local ended with $code instead of $1"; fi
}

keeps_to_schema() { # FILE...
    check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci "$@" >.out 2>.err ||
        fail "check-jsonschema refuses $*"
}

has() { # FILE TEXT...
    local text
    for text in "${@:2}"; do
        if ! grep -qF -- "$text" "$1"; then fail "$1 lacks: $text"; fi
    done
}

component() { # INPUTS
    printf 'include:\n  - { local: templates/svcgate/template.yml, inputs: { %s } }' "$1"
}

claim "the template keeps to the schema as it is"
keeps_to_schema svcgate.gitlab-ci.yml

claim "the template is made from the current component"
"$GITLAB/plain.py" --check >.out 2>.err || fail "plain.py --check"

claim "the component without inputs is the template"
render 0 component "$(component '')"
render 0 plain 'include: svcgate.gitlab-ci.yml'
keeps_to_schema component.yml plain.yml
same_file component.yml plain.yml

claim "an inconclusive session is a warning, and nothing else is"
grep -A 2 '^  allow_failure:' plain.yml | head -n 3 | grep -q -- '- 2$' || fail "allow_failure is not exit code 2"
claim "reports are kept whatever the verdict"
grep -q '^    when: always$' plain.yml || fail "artifacts are not kept always"

claim "what runs before is sound in any shell, bash or that of a small image"
sed -n '/^  before_script:$/,/^  script:$/p' svcgate.gitlab-ci.yml | sed '1,/- |$/d; /^  script:$/,$d; s/^      //' >before.sh
[[ -s before.sh ]] || fail "there is nothing"
shellcheck -s sh before.sh >.out || fail "shellcheck"

claim "every input arrives"
render 0 inputs "$(component 'job: api-perf, stage: perf, engine: dind, image: "registry.example/svcgate:1", dind_image: "docker:27-dind",
    config: services/api/svcgate.yaml, mode: observe, baseline: baselines/api.json, variant: main, comment: on-fail,
    wait: 5m, timeout: 3h')
stages: [perf]"
keeps_to_schema inputs.yml
has inputs.yml '  name: registry.example/svcgate:1' '- name: docker:27-dind' 'DOCKER_HOST: tcp://docker:2376' \
    'SVCGATE_ENGINE_HOST: docker' 'SVCGATE_CONFIG: services/api/svcgate.yaml' \
    'SVCGATE_BASELINE: baselines/api.json' 'SVCGATE_VARIANT: main' 'SVCGATE_COMMENT: on-fail' 'SVCGATE_WAIT: 5m' \
    'timeout: 3h' 'job: api-perf'
for name in api-perf api-perf-baseline api-perf-comment; do
    grep -q "^$name:\$" inputs.yml || fail "there is no job $name"
done
[[ $(grep -c 'SVCGATE_MODE: observe' inputs.yml) == 2 ]] || fail "mode is not observe in both measuring jobs"
if grep -q '\[\[' inputs.yml; then fail "an input was left as it is"; fi

claim "the note's name is that of the job, whatever the bundle says"
has inputs.yml 'svcgate publish --name="api-perf" svcgate-report/bundle'
has plain.yml 'svcgate publish --name="svcgate" svcgate-report/bundle'

claim "the template can be turned to docker-in-docker"
render 0 dind 'include: svcgate.gitlab-ci.yml
svcgate: { extends: [.svcgate, .svcgate-dind] }
.svcgate: { tags: [perf] }'
keeps_to_schema dind.yml
has dind.yml 'alias: docker' 'DOCKER_TLS_VERIFY' '- perf'

claim "three blocks in parallel jobs lie over the template"
keeps_to_schema svcgate-parallel.gitlab-ci.yml
render 0 parallel 'include: [{ local: svcgate.gitlab-ci.yml }, { local: svcgate-parallel.gitlab-ci.yml }]'
keeps_to_schema parallel.yml
has parallel.yml 'parallel: 3' 'svcgate run --block' 'dotenv: svcgate-report/seed.env' 'svcgate judge svcgate-report/block-*/'
sed -n '/^    - |$/,/^  rules:$/p' svcgate-parallel.gitlab-ci.yml | sed '1d; /^  rules:$/,$d; s/^      //' >judge.sh
grep -q 'svcgate judge' judge.sh || fail "the script of the judging job is not found"
shellcheck -s sh judge.sh >.out || fail "shellcheck"

claim "two services of one repository have their own jobs"
render 0 two "$(component 'job: api')
  - { local: templates/svcgate/template.yml, inputs: { job: shop } }"
claim "a value that is not offered is refused"
render 1 wrong "$(component 'engine: podman')"
err_has podman

done_testing
