//! Packed exports → their bytes, by what they begin with and whatever they are called.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

/// Bytes by which a format is known.
const MAGIC: usize = 4;

/// Unpacks gzip and Zstandard; anything else passes as it is.
pub(super) fn unpack<'r>(mut input: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let mut magic = Vec::with_capacity(MAGIC);
    (&mut input).take(MAGIC as u64).read_to_end(&mut magic)?;
    let packed = match magic.as_slice() {
        [0x1f, 0x8b, ..] => 1,
        [0x28, 0xb5, 0x2f, 0xfd] => 2,
        _ => 0,
    };
    let whole = Cursor::new(magic).chain(input);
    Ok(match packed {
        1 => Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole))),
        2 => Box::new(Frames { decoder: Some(open_frame(BufReader::with_capacity(1 << 16, whole))?) }),
        _ => Box::new(whole),
    })
}

/// Several frames of Zstandard, one after the other.
struct Frames<R: BufRead> {
    decoder: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
}

fn open_frame<R: BufRead>(input: R) -> io::Result<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>> {
    StreamingDecoder::new(input)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut input) = self.decoder.take().map(StreamingDecoder::into_inner) else { break };
            if !input.fill_buf()?.is_empty() {
                self.decoder = Some(open_frame(input)?);
            }
        }
        Ok(0)
    }
}
