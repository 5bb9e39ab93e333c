//! What is asked, found in its file.

use crate::content::chunk::Doc;
use crate::content::doc::Block;
use crate::content::question::{Question, questions};
use crate::content::section::sections;
use crate::effect::FilePath;
use crate::study::mock::score::scorable;

/// What is asked, once its file was read.
#[derive(Default)]
pub(super) struct Asked {
    pub path: Option<FilePath>,
    pub question: Option<Question>,
    /// Of an incident: its scene, and what the stages before have shown.
    pub scene: Vec<Block>,
    pub evidence: Vec<(String, Vec<Block>)>,
    pub gone: Option<String>,
}

/// Finds a question in the text of its file, with what an incident shows before it.
pub(super) fn read(text: &str, body: usize, incident: bool, id: &str) -> Asked {
    let doc = Doc::new(text, body);
    let blocks: Vec<Block> = (0..doc.len()).flat_map(|chunk| doc.blocks(chunk)).collect();
    let mut out = Asked::default();
    for mut question in questions(&blocks, incident, &mut Vec::new()) {
        if question.id != id {
            if incident {
                out.evidence.push((question.prompt, question.exhibit));
            }
            continue;
        }
        scorable(&mut question);
        if incident {
            out.scene = sections(&blocks, 2).0.to_vec();
        }
        out.question = Some(question);
        return out;
    }
    out.gone = Some("This question is not in its file any more.".to_owned());
    out
}
