# An image that does one run and ends: start it by a timer, with the folder of your settings mounted at /data.
#
#   docker build -t syndicator .
#   docker run --rm -it -v "$PWD/blog:/data" syndicator init /data
#   docker run --rm -v "$PWD/blog:/data" syndicator run
#
# docs/how-to/server.md has the rest: secrets, timers, commands by hand.

FROM python:3.11-slim AS build
RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
# What changes rarely comes first: the dependencies, exactly as locked.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --locked --no-dev --no-install-project
COPY config ./config
COPY ledger ./ledger
COPY platforms ./platforms
COPY syndicator ./syndicator
RUN uv sync --locked --no-dev --no-editable

FROM python:3.11-slim
RUN useradd --uid 1000 --create-home syndicator && install -d -o syndicator -g syndicator /data
COPY --from=build /app/.venv /app/.venv
# There is no keyring in here: credentials come from the environment, or from secrets.toml in the data folder.
ENV PATH=/app/.venv/bin:$PATH SYNDICATOR_CONFIG=/data/syndicator.toml PYTHONUNBUFFERED=1
USER syndicator
WORKDIR /data
VOLUME /data
ENTRYPOINT ["syndicator"]
CMD ["run"]
