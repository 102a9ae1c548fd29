//! Arrays: where a part of one is, and the operations that read and write them.

use super::{Array, Datum, Machine};
use crate::ir::{Dim, Inactive, Init, OpKind, Part, PlaceId, Step, Val};

impl Machine<'_, '_> {
    pub(super) fn array(&self, place: PlaceId) -> Result<&Array, String> {
        self.places[place.0 as usize].as_ref().ok_or_else(|| format!("@{} is not there", place.0))
    }

    pub(super) fn bring(&mut self, place: PlaceId, array: Array) {
        self.places[place.0 as usize] = Some(array);
        self.scope().places.push(place);
    }

    /// Where a part begins, and its shape.
    fn locate(&self, part: &Part) -> Result<(usize, Vec<usize>), String> {
        let array = self.array(part.place)?;
        let (mut start, mut shape) = (0, array.shape.clone());
        for step in &part.path {
            let dim = *shape.first().ok_or_else(|| format!("@{}: too many indices", part.place.0))?;
            let stride: usize = shape[1..].iter().product();
            match step {
                Step::At(val) => {
                    let index = self.get(*val)?.index()?;
                    if index >= dim {
                        return Err(format!("@{}: index {index} of {dim}", part.place.0));
                    }
                    shape.remove(0);
                    start += index * stride;
                }
                Step::Range(lo, hi) => {
                    let (lo, hi) = (self.get(*lo)?.index()?, self.get(*hi)?.index()?);
                    if lo > hi || hi > dim {
                        return Err(format!("@{}: range {lo}..{hi} of {dim}", part.place.0));
                    }
                    shape[0] = hi - lo;
                    start += lo * stride;
                }
                Step::From(lo) => {
                    let lo = self.get(*lo)?.index()?;
                    if lo > dim {
                        return Err(format!("@{}: range {lo}.. of {dim}", part.place.0));
                    }
                    shape[0] = dim - lo;
                    start += lo * stride;
                }
                Step::Field(_) => return Err("a field".into()),
            }
        }
        Ok((start, shape))
    }

    pub(super) fn part(&self, part: &Part) -> Result<&[f64], String> {
        let (start, shape) = self.locate(part)?;
        let len: usize = shape.iter().product();
        Ok(&self.array(part.place)?.data[start..start + len])
    }

    pub(super) fn part_mut(&mut self, part: &Part) -> Result<&mut [f64], String> {
        let (start, shape) = self.locate(part)?;
        let len: usize = shape.iter().product();
        let array = self.places[part.place.0 as usize].as_mut().ok_or("an array is not there")?;
        Ok(&mut array.data[start..start + len])
    }

    pub(super) fn sub_array(&self, part: &Part) -> Result<Array, String> {
        let (_, shape) = self.locate(part)?;
        Ok(Array { shape, data: self.part(part)?.to_vec() })
    }

    fn element(&mut self, part: &Part) -> Result<&mut f64, String> {
        match self.part_mut(part)? {
            [element] => Ok(element),
            _ => Err("a part is no element".into()),
        }
    }

    fn shape(&mut self, place: PlaceId, first: Option<usize>) -> Result<Vec<usize>, String> {
        let info = self.func.place_info(place);
        let mut shape = Vec::new();
        for dim in &info.dims {
            shape.push(match dim {
                Dim::Fixed(tokens) => self.evaluate(&Inactive::engine(tokens.clone()))?.index()?,
                Dim::Inferred | Dim::Dynamic => first.ok_or_else(|| format!("@{} has no length", place.0))?,
            });
        }
        Ok(shape)
    }

    pub(super) fn memory(&mut self, kind: &OpKind, results: &[Val]) -> Result<(), String> {
        match kind {
            OpKind::Load(part) => {
                let value = *self.element(part)?;
                self.set(results[0], Datum::Float(value))?;
            }
            OpKind::SumOf(part) => {
                let sum = self.part(part)?.iter().fold(0.0, |sum, x| sum + x);
                self.set(results[0], Datum::Float(sum))?;
            }
            OpKind::Dot(a, b) => {
                let sum = self.part(a)?.iter().zip(self.part(b)?).fold(0.0, |sum, (a, b)| sum + a * b);
                self.set(results[0], Datum::Float(sum))?;
            }
            OpKind::Store(part, val) => *self.element(part)? = self.float(*val)?,
            OpKind::Accumulate(part, val) => {
                let value = self.float(*val)?;
                *self.element(part)? += value;
            }
            OpKind::Fill(part, val) => {
                let value = self.float(*val)?;
                self.part_mut(part)?.fill(value);
            }
            OpKind::Copy(to, from) => {
                let from = self.part(from)?.to_vec();
                let to = self.part_mut(to)?;
                if from.len() != to.len() {
                    return Err("a copy between different lengths".into());
                }
                to.copy_from_slice(&from);
            }
            OpKind::AddScaled(to, from, scale) => {
                let scale = scale.map(|s| self.float(s)).transpose()?;
                let from = self.part(from)?.to_vec();
                let to = self.part_mut(to)?;
                if from.len() != to.len() {
                    return Err("an addition of different lengths".into());
                }
                for (to, from) in to.iter_mut().zip(from) {
                    *to += scale.map_or(from, |s| s * from);
                }
            }
            OpKind::Alloc(place, init) => self.alloc(*place, init)?,
            OpKind::View(part, _) => drop(self.part(part)?),
            OpKind::Grow(place, val) => {
                let value = self.float(*val)?;
                let array = self.places[place.0 as usize].as_mut().ok_or("an array is not there")?;
                array.data.push(value);
                array.shape[0] += 1;
            }
            OpKind::Shrink(place) => {
                let array = self.places[place.0 as usize].as_mut().ok_or("an array is not there")?;
                let value = array.data.pop().ok_or("an empty array is popped")?;
                array.shape[0] -= 1;
                self.set(results[0], Datum::Float(value))?;
            }
            OpKind::Resize(place, len) => {
                let len = self.get(*len)?.index()?;
                let array = self.places[place.0 as usize].as_mut().ok_or("an array is not there")?;
                array.data.resize(len * array.shape[1..].iter().product::<usize>(), 0.0);
                array.shape[0] = len;
            }
            _ => return Err("an operation that is not known".into()),
        }
        Ok(())
    }

    fn alloc(&mut self, place: PlaceId, init: &Init) -> Result<(), String> {
        let (first, data) = match init {
            Init::Fill(_) => (None, Vec::new()),
            Init::Returned(_) => return Err("what a call has returned".into()),
            Init::Empty => (Some(0), Vec::new()),
            Init::Repeat(val, len) => {
                let len = self.get(*len)?.index()?;
                (Some(len), vec![self.float(*val)?; len])
            }
            Init::RepeatRow(row, len) => {
                let len = self.get(*len)?.index()?;
                let row = self.sub_array(row)?;
                let mut shape = row.shape;
                shape.insert(0, len);
                let data = row.data.repeat(len);
                self.bring(place, Array { shape, data });
                return Ok(());
            }
            Init::Like(from) => {
                let array = self.sub_array(from)?;
                let data = vec![0.0; array.data.len()];
                self.bring(place, Array { shape: array.shape, data });
                return Ok(());
            }
            Init::Elements(vals) => (Some(vals.len()), self.floats(vals)?),
            Init::Rows(rows) => {
                let mut data = Vec::new();
                for row in rows {
                    data.extend_from_slice(self.part(row)?);
                }
                (Some(rows.len()), data)
            }
            Init::Members(_) => return Err("a struct".into()),
            Init::Copy(from) => {
                let array = self.sub_array(from)?;
                (array.shape.first().copied(), array.data)
            }
        };
        let shape = self.shape(place, first)?;
        let len = shape.iter().product();
        let data = if let Init::Fill(val) = init { vec![self.float(*val)?; len] } else { data };
        if data.len() != len {
            return Err(format!("@{}: {} elements in the shape {shape:?}", place.0, data.len()));
        }
        self.bring(place, Array { shape, data });
        Ok(())
    }
}
