#!/usr/bin/env bash
# ffmpeg writes an AMR file whose pauses are DTX frames, and makes a shorter sound of its own file.
#
# Expected: AMR-NB and AMR-WB come back with their five seconds; a pause is silence, or an error that ends ffmpeg.
# Seen: the decoder that ffmpeg takes by itself leaves frames out and ends with status 0. Of AMR-NB all frames of the pause are
# missing (3.16 of 5 s), of AMR-WB only the frames that describe the noise (4.76 of 5 s). Its other decoders (libopencore_*), which a
# static build has and Debian's ffmpeg has not, keep all five seconds of the same files.
#
# Needs Linux on x64, python3 with pip, and PyPI; takes ten seconds. Exits with 1 when ffmpeg behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip download --quiet --disable-pip-version-check --no-deps imageio-ffmpeg==0.6.0
python3 -m zipfile -e imageio_ffmpeg-*.whl .
ffmpeg=$(echo "$folder"/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -n 1

# Three seconds of a tone, then two of a pause.
write() { "$ffmpeg" -v error -y -f lavfi -i "sine=f=300:r=$1:d=3,apad=pad_dur=2" -c:a "$2" -b:a "$3" -dtx 1 "$4"; }
write 8000 libopencore_amrnb 12200 narrow.amr
write 16000 libvo_amrwbenc 12650 wide.amr

# Prints the length in milliseconds of what ffmpeg makes of a file: its samples have two bytes.
decode() {
	local file=$1 rate=$2
	shift 2
	"$ffmpeg" -v quiet -y "$@" -i "$file" -f s16le sound.pcm || echo "status $?"
	echo $(($(stat -c %s sound.pcm) * 1000 / 2 / rate))
}
seen="$(decode narrow.amr 8000) $(decode narrow.amr 8000 -c:a libopencore_amrnb) $(decode wide.amr 16000) $(decode wide.amr 16000 -c:a libopencore_amrwb)"
echo "AMR-NB by default, by libopencore; AMR-WB by default, by libopencore (ms): $seen"
[ "$seen" = '3160 5020 4760 5000' ]
