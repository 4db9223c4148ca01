let playing: HTMLMediaElement | undefined;

/** Of everything on the page that sounds, only what was started last goes on. */
export function playsAlone(media: HTMLMediaElement): void {
  media.addEventListener("play", () => {
    if (playing !== media) playing?.pause();
    playing = media;
  });
  const leave = () => {
    if (playing === media) playing = undefined;
  };
  media.addEventListener("ended", leave);
  media.addEventListener("emptied", leave);
}
